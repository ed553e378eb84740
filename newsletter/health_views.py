"""Two answers for whatever watches over the processes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsletter import probes


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process is alive; asks nobody else."""
    return _plain("ok")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated, and so does a broker of its own."""
    answers = [probes.database()]
    if settings.REDIS_URL:
        answers.append(probes.broker())
    reasons = [answer for answer in answers if answer]
    return _plain("\n".join(reasons), status=503) if reasons else _plain("ok")


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
