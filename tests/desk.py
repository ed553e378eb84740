"""A day for the desk's tests: papers in the house's sections, and people who work there."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import Group, User

from digest.models import HouseSection, Listing, Paper, Summary
from digest.sections.building import build_listing
from digest.summaries.judging import findings_of, said
from tests.make import DAY, announce, make_paper, make_summary


def make_person(name: str, role: str = "Curator") -> User:
    """Somebody with a role; the password is the name twice."""
    person = User.objects.create_user(name, password=name * 2)
    person.groups.add(Group.objects.get(name=role))
    return person


def make_day(papers: int = 3, date: dt.date = DAY, **summary: object) -> list[Paper]:
    """So many cards of cs.DC, each with a draft."""
    made = []
    for number in range(papers):
        paper = make_paper(
            title=f"Replicas that survive, part {number}",
            abstract=f"We isolate a failure to one of {number + 2} replicas. Stalls fall to "
            "3 minutes. The others go on, and training time rises from 44% to 80%.",
        )
        announce(paper, date)
        values = {
            "status": Summary.Status.DRAFT,
            "text": "The paper isolates failures to one of "
            "several replicas, and the others go on meanwhile. Training time rises from 44% to "
            "80%, as the stalls of a recovery fall to 3 minutes.",
        }
        make_summary(paper, **(values | summary))
        made.append(paper)
    build_listing(date)
    assert HouseSection.objects.exists()
    Listing.objects.filter(pk=date).update(status=Listing.Status.READY)
    return made


def doubt(paper: Paper) -> None:
    """Give the paper a draft that its abstract does not bear out."""
    text = (
        "The paper isolates failures to one of several replicas. It reduces the stall of a "
        "recovery from 10 minutes to 2 minutes, and the others go on meanwhile on A100 clusters."
    )
    found = findings_of(paper, text)
    Summary.objects.filter(paper=paper).update(
        text=text,
        findings=[one.as_data() for one in found],
        reason=said(found),
    )
