"""The pace of an issue as pictures, with the same as a table beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from newsletter import plots
from newsletter.delivery.pace import Minute, Pace

_MOST_BARS = 140
_MINUTE = 60
_DAY = 86400


@dataclass(frozen=True, slots=True)
class _Span:
    """Some minutes taken together; ``at`` is its first second."""

    at: int
    per_minute: float
    mean_latency: float
    longest_latency: int


def picture(pace: Pace) -> SafeString:
    """Mails per minute, latency, and a table."""
    if not pace.minutes:
        return mark_safe("Nothing has been sent.")
    width = _width(pace.minutes)
    spans = list(_spans(pace.minutes, width))
    drawn = [plots.svg(plot) for plot in (_mails(spans, width, pace), _latency(spans, width, pace))]
    return format_html(
        '<div class="flex flex-col gap-6">{}{}</div>',
        format_html_join(
            "",
            '<div style="overflow-x:auto;width:0;min-width:100%" tabindex="0" role="group" '
            'aria-label="Plot">{}</div>',
            ((mark_safe(one),) for one in drawn),  # noqa: S308 (escaped where it is written)
        ),
        _table(pace),
    )


def _mails(spans: Sequence[_Span], width: int, pace: Pace) -> plots.Plot:
    mean = "" if width == _MINUTE else f", each bar the average of {width // _MINUTE} minutes"
    return plots.Plot(
        title="Mails per minute",
        description=(
            f"{pace.sent} mails, {pace.peak} in the fullest minute, {pace.mean:.0f} on average "
            f"over the minutes in which any were sent. Times are UTC{mean}."
        ),
        series=[plots.Bars([(span.at, span.per_minute) for span in spans], width)],
        x_label=_clock(spans),
        x_range=(spans[0].at, spans[-1].at + width),
        y_label=lambda value: f"{value:,.0f}",
        x_steps=plots.ROUND_TIMES,
        name="mails",
    )


def _latency(spans: Sequence[_Span], width: int, pace: Pace) -> plots.Plot:
    found = list(_with_gaps(spans, width))
    mean = [(x, span.mean_latency if span else None) for x, span in found]
    longest = [(x, span.longest_latency if span else None) for x, span in found]
    return plots.Plot(
        title="Latency",
        description=(
            "How long after it could have gone out a mail was sent, by the time it was sent: "
            f"half of them within {told(pace.p50)}, 95 of 100 within {told(pace.p95)}, all within "
            f"{told(pace.longest)}."
        ),
        series=[plots.Line(mean, "mean"), plots.Line(longest, "longest", is_dashed=True)],
        x_label=_clock(spans),
        x_range=(spans[0].at, spans[-1].at + width),
        y_label=told,
        x_steps=plots.ROUND_TIMES,
        y_steps=plots.ROUND_TIMES,
        name="latency",
    )


def _width(minutes: Sequence[Minute]) -> int:
    """Seconds that a bar stands for, whole minutes, so that not too many are drawn."""
    first, last = minutes[0].at.timestamp(), minutes[-1].at.timestamp()
    count = int(last - first) // _MINUTE + 1
    return -(-count // _MOST_BARS) * _MINUTE


def _spans(minutes: Iterable[Minute], width: int) -> Iterator[_Span]:
    together: dict[int, list[Minute]] = {}
    for minute in minutes:
        together.setdefault(int(minute.at.timestamp()) // width * width, []).append(minute)
    for at, some in together.items():
        sent = sum(one.sent for one in some)
        yield _Span(
            at,
            sent * _MINUTE / width,
            sum(one.mean_latency * one.sent for one in some) / sent,
            max(one.longest_latency for one in some),
        )


def _with_gaps(spans: Sequence[_Span], width: int) -> Iterator[tuple[float, _Span | None]]:
    before: int | None = None
    for span in spans:
        if before is not None and span.at - before > width:
            yield before + width, None
        yield span.at + width / 2, span
        before = span.at


def _clock(spans: Sequence[_Span]) -> plots.Label:
    is_long = spans[-1].at - spans[0].at > _DAY

    def label(value: float) -> str:
        at = dt.datetime.fromtimestamp(value, dt.UTC)
        return f"{at.day} {at:%b}" if is_long and not value % _DAY else f"{at:%H:%M}"

    return label


def told(seconds: float) -> str:
    """A length of time in the unit that suits it."""
    for unit, length in (("d", _DAY), ("h", 3600), ("min", _MINUTE)):
        if seconds >= 2 * length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds:.0f} s"


def _table(pace: Pace) -> SafeString:
    rows = [
        ("Sent", f"{pace.sent:,}"),
        ("Mails per minute, at most", f"{pace.peak:,}"),
        ("Mails per minute, on average", f"{pace.mean:,.0f}"),
        ("First minute, UTC", f"{pace.minutes[0].at:%Y-%m-%d %H:%M}"),
        ("Last minute, UTC", f"{pace.minutes[-1].at:%Y-%m-%d %H:%M}"),
        ("Latency, half within", told(pace.p50)),
        ("Latency, 95 of 100 within", told(pace.p95)),
        ("Latency, all within", told(pace.longest)),
    ]
    return format_html(
        '<table aria-label="Pace in numbers" style="max-width:26rem"><tbody>{}</tbody></table>',
        format_html_join(
            "",
            '<tr><th scope="row" style="text-align:left;font-weight:400;padding:.15rem 1.5rem '
            '.15rem 0">{}</th><td style="text-align:right;font-variant-numeric:tabular-nums">{}'
            "</td></tr>",
            rows,
        ),
    )
