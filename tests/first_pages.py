"""Twenty first pages of our own making, in the shapes that real ones have, with the truth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.pdfs import Line, of_lines

ABSTRACT = (
    "We look at how replicas ride through failures and find that most of a fleet can go on. The "
    "stalls become short."
)
_MIDDLE, _WIDTH = 306.0, 5.2


@dataclass(frozen=True, slots=True)
class Page:
    """One page: title, authors, the lines between title and abstract, what stands below."""

    shape: str
    title: str
    authors: tuple[str, ...]
    lines: tuple[str, ...]
    truth: tuple[str, ...]
    below: tuple[str, ...] = ()
    heading: str = "Abstract"
    columns: tuple[tuple[str, ...], ...] = ()

    def pdf(self) -> bytes:
        return of_lines(self._set())

    def _set(self) -> list[Line]:
        set_lines: list[Line] = _centred(self.title, 740, 16)
        y = 712.0
        for line in self.lines:
            set_lines += _centred(line, y, 10)
            y -= 14
        lowest = y
        for place, column in enumerate(self.columns):
            x, top = 60 + place * (500 / len(self.columns)), y
            for line in column:
                set_lines += _marked(line, x, top, 9)
                top -= 12
            lowest = min(lowest, top)
        y = lowest - 14
        if self.heading:
            set_lines += _centred(self.heading, y, 11)
        for line in re.findall(r".{1,90}(?:\s|$)", ABSTRACT):
            y -= 13
            set_lines.append((72, y, 10, line.strip()))
        for line in (*_BODY, *self.below):
            y -= 13
            set_lines += _marked(line, 72, y, 9)
        return set_lines


_BODY = (
    "1 Introduction",
    "Training at Google and at Stanford University has been looked at before [3, 7].",
    "Fleets of the University of Somewhere Else fail as well, as others have shown.",
)


def _centred(line: str, y: float, size: float) -> list[Line]:
    return _marked(line, _MIDDLE - len(line) * _WIDTH * size / 22, y, size)


def _marked(line: str, x: float, y: float, size: float) -> list[Line]:
    """What stands between carets is set small and raised, as marks are."""
    lines: list[Line] = []
    for place, run in enumerate(line.split("^")):
        if run:
            raised = place % 2 == 1
            lines.append((x, y + (3 if raised else 0), size * (0.6 if raised else 1), run))
            x += len(run) * size * (0.28 if raised else 0.46)
    return lines


def _page(
    shape: str, authors: Sequence[str], lines: Sequence[str], truth: Sequence[str], **more: Any
) -> Page:
    return Page(
        shape,
        "Replicas That Ride Through Failures",
        tuple(authors),
        tuple(lines),
        tuple(truth),
        **more,
    )


A, B, C = "Ada Lovelace", "Emmy Noether", "Alan Turing"
PAGES = (
    _page(
        "superscripts",
        (A, B, C),
        (f"{A}^1^, {B}^1,2^, {C}^2^", "^1^University of Testing, ^2^ETH Zürich"),
        ("University of Testing", "ETH Zurich"),
    ),
    _page(
        "superscripts, one affiliation a line",
        (A, B, C),
        (
            f"{A}^1^ {B}^2^ {C}^3^",
            "^1^Department of Computer Science, University of Oxford, Oxford, UK",
            "^2^Google DeepMind, London, UK",
            "^3^Max Planck Institute for Informatics, Saarbrücken, Germany",
        ),
        ("University of Oxford", "Google DeepMind", "Max Planck Institute for Informatics"),
    ),
    _page(
        "symbols",
        (A, B),
        (f"{A}^*^ {B}^†^", "^*^Tsinghua University ^†^Ant Group"),
        ("Tsinghua University", "Ant Group"),
    ),
    _page(
        "shared affiliation, e-mail block",
        (A, B, C),
        (f"{A}, {B}, {C}", "Carnegie Mellon University", "{ada,emmy,alan}@cs.cmu.edu"),
        ("Carnegie Mellon University",),
    ),
    _page(
        "IEEE, three columns",
        (A, B, C),
        (),
        ("University of Edinburgh", "IBM Research", "KTH Royal Institute of Technology"),
        heading="Abstract - what follows is short.",
        columns=(
            (
                A,
                "School of Informatics",
                "University of Edinburgh",
                "Edinburgh, UK",
                "ada@ed.ac.uk",
            ),
            (B, "IBM Research", "Zurich, Switzerland", "emmy@zurich.ibm.com"),
            (C, "Division of Networks", "KTH", "Stockholm, Sweden", "alan@kth.se"),
        ),
    ),
    _page(
        "ACM, two columns",
        (A, B),
        (),
        ("The Ohio State University", "Meta"),
        heading="ABSTRACT",
        columns=(
            (A, "ada@osu.edu", "The Ohio State University", "Columbus, Ohio, USA"),
            (B, "emmy@meta.com", "Meta Platforms, Inc.", "Menlo Park, California, USA"),
        ),
    ),
    _page(
        "IEEE, footnote",
        (A, B),
        (f"{A}, Member, IEEE, and {B}",),
        ("University of Waterloo", "Intel"),
        below=(
            "A. Lovelace is with the Department of Physics, University of Waterloo, Canada.",
            "E. Noether is with Intel Corporation, Santa Clara, USA (e-mail: emmy@intel.com).",
        ),
    ),
    _page(
        "LNCS",
        (A, B),
        (
            f"{A}^1^ and {B}^2^",
            "^1^ Sapienza University of Rome, Rome, Italy",
            "ada@uniroma1.it",
            "^2^ Inria, Rennes, France",
        ),
        ("Sapienza University of Rome", "Inria"),
    ),
    _page(
        "single author",
        (A,),
        (A, "Technical University of Munich", "ada@tum.de"),
        ("Technical University of Munich",),
    ),
    _page(
        "a company alone",
        (A, B),
        (f"{A}  {B}", "NVIDIA Corporation"),
        ("NVIDIA",),
    ),
    _page(
        "campus of a university",
        (A, B),
        (f"{A}^1^ {B}^2^", "^1^University of California, Berkeley", "^2^UC San Diego"),
        ("University of California, Berkeley", "University of California, San Diego"),
    ),
    _page(
        "all capitals",
        (A,),
        (A.upper(), "DEPARTMENT OF MATHEMATICS, UNIVERSITY OF GLASGOW"),
        ("University of Glasgow",),
    ),
    _page(
        "names that are not English",
        (A, B, C),
        (
            f"{A}^1^ {B}^2^ {C}^3^",
            "^1^Universidad Politécnica de Madrid, España",
            "^2^Université de Montréal",
            "^3^Technische Universität Berlin",
        ),
        (
            "Universidad Politécnica de Madrid",
            "Université de Montréal",
            "Technische Universität Berlin",
        ),
    ),
    _page("no affiliation at all", (A, B), (f"{A} and {B}", "2 February 2026"), ()),
    _page(
        "addresses alone",
        (A, B),
        (f"{A}, {B}", "ada@inf.ethz.ch, emmy@huawei.com"),
        ("ETH Zurich", "Huawei"),
    ),
    _page(
        "prose between",
        (A, B),
        (
            f"{A}^1^ {B}^1^",
            "^1^National University of Singapore",
            "Work done during an internship at a company that we do not name.",
        ),
        ("National University of Singapore",),
    ),
    _page(
        "institute within an academy",
        (A, B),
        (
            f"{A}^1,2^ {B}^1^",
            "^1^Institute of Computing Technology, Chinese Academy of Sciences, Beijing, China",
            "^2^University of Chinese Academy of Sciences",
        ),
        ("Chinese Academy of Sciences", "University of Chinese Academy of Sciences"),
    ),
    _page(
        "national laboratories",
        (A, B),
        (
            f"{A}^a^, {B}^b^",
            "^a^Argonne National Laboratory, Lemont, IL 60439, USA",
            "^b^Oak Ridge National Laboratory, Oak Ridge, TN, USA",
        ),
        ("Argonne National Laboratory", "Oak Ridge National Laboratory"),
    ),
    _page(
        "joined by and",
        (A, B),
        (f"{A} and {B}", "University of Science and Technology of China and the Vector Institute"),
        ("University of Science and Technology of China", "Vector Institute"),
    ),
    _page(
        "no heading above the abstract",
        (A, B),
        (f"{A}^1^, {B}^2^", "^1^Seoul National University", "^2^Samsung Electronics"),
        ("Seoul National University", "Samsung"),
        heading="",
    ),
)
