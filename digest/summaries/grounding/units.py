"""Units as papers write them: which are of one dimension, and how many of one make another."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import re
from decimal import Decimal

#: What a number counts, as far as it can be compared: a dimension, and how many of its first.
Unit = tuple[str, Decimal]


def _of(dimension: str, **written: str) -> dict[str, Unit]:
    """The names of units by how many of the dimension's first unit they are, as in ``_1e3``."""
    return {
        name: (dimension, Decimal(scale.removeprefix("_").replace("m", "-")))
        for scale, names in written.items()
        for name in names.split()
    }


# Their case tells them apart: mW and MW, Mb and MB.
_SIGNS: dict[str, Unit] = {
    **_of("%", _1="%"),
    **_of("pp", _1="pp pts %p"),
    **_of("x", _1="×"),
    **_of("s", _1em9="ns", _1em6="μs us", _1em3="ms msec", _1="s sec secs"),
    **_of("s", _60="min mins", _3600="h hr hrs"),
    **_of("byte", _1="B", _1e3="KB kB KiB", _1e6="MB MiB", _1e9="GB GiB", _1e12="TB TiB"),
    **_of("byte", _1e15="PB PiB"),
    **_of("bit", _1e3="Kb kb Kbit", _1e6="Mb Mbit", _1e9="Gb Gbit"),
    **_of("bit/s", _1="bps bit/s b/s", _1e3="kbps Kbps kb/s Kb/s", _1e6="Mbps Mb/s Mbit/s"),
    **_of("bit/s", _1e9="Gbps Gb/s Gbit/s", _1e12="Tbps Tb/s"),
    **_of("byte/s", _1e3="KB/s kB/s", _1e6="MB/s MBps", _1e9="GB/s GBps GiB/s", _1e12="TB/s TBps"),
    **_of("Hz", _1="Hz", _1e3="kHz KHz", _1e6="MHz", _1e9="GHz", _1e12="THz"),
    **_of("W", _1em3="mW", _1="W", _1e3="kW KW", _1e6="MW", _1e9="GW"),
    **_of("J", _1em3="mJ", _1="J", _1e3="kJ KJ", _1e6="MJ", _3600="Wh", _36e5="kWh KWh"),
    **_of("J", _36e8="MWh", _36e11="GWh"),
    **_of("m", _1em9="nm", _1em6="μm um", _1em3="mm", _1em2="cm", _1="m", _1e3="km"),
    **_of("g", _1em3="mg", _1="g", _1e3="kg"),
    **_of("V", _1em3="mV", _1="V", _1e3="kV"),
    **_of("A", _1em3="mA"),
    **_of("flop", _1e6="MFLOP MFLOPs", _1e9="GFLOP GFLOPs", _1e12="TFLOP TFLOPs"),
    **_of("flop", _1e15="PFLOP PFLOPs", _1="FLOP FLOPs"),
    **_of("flop/s", _1e9="GFLOPS GFLOP/s GFLOPs/s Gflop/s Gflops", _1e6="MFLOPS MFLOP/s"),
    **_of("flop/s", _1e12="TFLOPS TFLOP/s TFLOPs/s Tflop/s Tflops"),
    **_of("flop/s", _1e15="PFLOPS PFLOP/s PFLOPs/s Pflop/s", _1e18="EFLOPS EFLOP/s EFLOPs"),
    **_of("op/s", _1e9="GOPS", _1e12="TOPS", _1="IOPS"),
    **_of("frame/s", _1="fps FPS Fps frames/s"),
    **_of("token/s", _1="tok/s tokens/s token/s toks/s"),
    **_of("request/s", _1="req/s requests/s RPS rps"),
    **_of("query/s", _1="QPS qps queries/s"),
    **_of("transaction/s", _1="TPS tps tx/s transactions/s"),
    **_of("dB", _1="dB dBm dBi"),
    **_of("°", _1="° °C"),
    **_of("°F", _1="°F"),
    **_of("$", _1="USD"),
    **_of("€", _1="EUR"),
}
_NAMES: dict[str, Unit] = {
    **_of("%", _1="percent per*cent"),
    **_of("pp", _1="percentage*points percentage*point percent*points %*points"),
    **_of("pp", _1="%*point"),
    **_of("point", _1="point points"),
    **_of("x", _1="times fold"),
    **_of("s", _1em9="nanosecond nanoseconds", _1em6="microsecond microseconds"),
    **_of("s", _1em3="millisecond milliseconds", _1="second seconds", _60="minute minutes"),
    **_of("s", _3600="hour hours", _86400="day days", _604800="week weeks"),
    **_of("month", _1="month months", _12="year years", _120="decade decades"),
    **_of("byte", _1="byte bytes", _1e3="kilobyte kilobytes", _1e6="megabyte megabytes"),
    **_of("byte", _1e9="gigabyte gigabytes", _1e12="terabyte terabytes"),
    **_of("byte", _1e15="petabyte petabytes"),
    **_of("bit", _1="bit bits"),
    **_of("Hz", _1="hertz", _1e6="megahertz", _1e9="gigahertz"),
    **_of("W", _1="watt watts", _1e3="kilowatt kilowatts", _1e6="megawatt megawatts"),
    **_of("J", _1="joule joules", _36e5="kilowatt*hours"),
    **_of("m", _1="meter meters metre metres", _1e3="kilometer kilometers kilometre kilometres"),
    **_of("m", _1em2="centimeter centimeters centimetres", _1em3="millimeter millimeters"),
    **_of("m", _1em6="micron microns", _1609="mile miles"),
    **_of("g", _1="gram grams", _1e3="kilogram kilograms"),
    **_of("frame/s", _1="frames*per*second"),
    **_of("token/s", _1="tokens*per*second"),
    **_of("request/s", _1="requests*per*second"),
    **_of("query/s", _1="queries*per*second"),
    **_of("transaction/s", _1="transactions*per*second"),
    **_of("dB", _1="decibel decibels"),
    **_of("°", _1="degree degrees"),
    **_of("$", _1="dollar dollars"),
    **_of("€", _1="euro euros"),
    **_of("magnitude", _1="orders*of*magnitude order*of*magnitude"),
}
_MONEY: dict[str, Unit] = {"$": ("$", Decimal(1)), "€": ("€", Decimal(1)), "£": ("£", Decimal(1))}
#: Before a number.
MONEY = re.compile(r"(?:US)?([$€£])\s?$")

#: How many zeros each adds.
MAGNITUDES = {"dozen": 1, "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LETTERS = {"K": 3, "k": 3, "M": 6, "B": 9, "T": 12}


def _alternatives(names: dict[str, Unit]) -> str:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(re.escape(name).replace(r"\*", r"[\s-]") for name in longest_first)


#: Right behind a number: 10K, 7B; two million.
MAGNITUDE = re.compile(
    r"([KkMBT])(?![A-Za-z])|[\s-]?((?i:hundred|thousand|million|billion|trillion))s?\b"
)
_UNIT = re.compile(
    # 16 x 16 is no factor of sixteen; ten GPU hours are hours.
    r"[\s-]{0,2}(?:(?P<sign>[xX])(?![A-Za-z])(?!\s?\d)|"
    r"(?:(?:[A-Z][\w-]{0,12}|node|core|person|man)[\s-](?=(?:second|minute|hour|day|week|month|year)))?"
    rf"(?:(?P<symbol>{_alternatives(_SIGNS)})(?![A-Za-z])|(?P<name>(?i:{_alternatives(_NAMES)}))(?![A-Za-z])(?!-(?:order|stage|level|best|hand))))"
)


def unit_at(text: str, place: int) -> tuple[Unit | None, int]:
    """The unit that stands there, behind a number, and where it ends."""
    found = _UNIT.match(text, place)
    if not found or (found["symbol"] == "×" and re.match(r"\s?\d", text[found.end() :][:2])):
        return None, place
    if found["sign"]:
        return _SIGNS["×"], found.end()
    if found["symbol"]:
        return _SIGNS[found["symbol"]], found.end()
    return _NAMES["*".join(re.split(r"[\s-]", found["name"].lower()))], found.end()


def magnitude_at(text: str, place: int) -> tuple[int, int]:
    """The power of ten that a letter or word behind a number stands for, and where it ends."""
    power = 0
    while found := MAGNITUDE.match(text, place):
        power += _LETTERS[found[1]] if found[1] else MAGNITUDES[found[2].lower()]
        place = found.end()
        if found[1] or power > 12:
            break
    return power, place


def money_before(text: str, place: int) -> tuple[Unit | None, int]:
    """The currency that stands before a number, and where it begins."""
    found = MONEY.search(text, max(0, place - 4), place)
    return (_MONEY[found[1]], found.start()) if found else (None, place)
