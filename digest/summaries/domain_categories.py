"""What categories say about the domain of a paper; the words are the taxonomy's."""

from __future__ import annotations

LEARNING_CATEGORIES = frozenset(
    [
        "cs.LG",
        "cs.AI",
        "cs.CL",
        "cs.CV",
        "cs.NE",
        "cs.MA",
        "cs.RO",
        "cs.IR",
        "cs.SD",
        "stat.ML",
        "eess.AS",
        "eess.IV",
    ]
)
SYSTEMS_CATEGORIES = frozenset(["cs.DC", "cs.AR", "cs.OS", "cs.PF"])
#: Papers of these on learning are about systems only if they speak of systems, too.
NEAR_SYSTEMS_CATEGORIES = frozenset(["cs.NI", "cs.DB", "cs.ET"])
#: Papers of these, where nothing of learning is found, are about systems in the wider sense.
WIDER_SYSTEMS_CATEGORIES = frozenset(
    [
        "cs.CR",
        "cs.DS",
        "cs.SE",
        "cs.PL",
        "cs.MS",
        "cs.SC",
        "cs.LO",
        "cs.CC",
        "cs.GT",
        "cs.CE",
        "cs.SI",
        "cs.IT",
        "eess.SY",
    ]
)
