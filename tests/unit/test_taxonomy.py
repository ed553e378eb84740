from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from digest.arxiv import taxonomy

_CATEGORY = re.compile(r"<category(?: term=\"|>)([^<\"]+)")


def test_the_whole_taxonomy_is_known_with_names() -> None:
    assert len(taxonomy.CATEGORIES) + len(taxonomy.ALIASES) == 155
    assert len(taxonomy.ARCHIVES) == 20
    assert len(taxonomy.GROUPS) == 8
    category = taxonomy.CATEGORIES["cs.DC"]
    assert category.name == "Distributed, Parallel, and Cluster Computing"
    assert (category.archive, category.group) == ("cs", "Computer Science")
    assert all(category.name for category in taxonomy.CATEGORIES.values())


def test_an_alias_is_found_under_its_category_only() -> None:
    assert not set(taxonomy.ALIASES) & set(taxonomy.CATEGORIES)
    assert set(taxonomy.ALIASES.values()) <= set(taxonomy.CATEGORIES)
    assert taxonomy.CATEGORIES["math.NA"].aliases == ("cs.NA",)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("cs.dc", "cs.DC"),
        (" CS.DC ", "cs.DC"),
        ("math.IT", "cs.IT"),
        ("cs.NA", "math.NA"),
        ("cs.SY", "eess.SY"),
        ("stat.TH", "math.ST"),
        ("q-fin.EC", "econ.GN"),
        ("math.MP", "math-ph"),
        ("HEP-TH", "hep-th"),
        ("chao-dyn", "nlin.CD"),
        ("Cond-Mat.Dis-NN", "cond-mat.dis-nn"),
    ],
)
def test_a_category_has_one_code(given: str, code: str) -> None:
    assert taxonomy.canonical(given) == code
    assert taxonomy.canonical(code) == code


@pytest.mark.parametrize("given", ["", "cs", "cs.ZZ", "cs.", "68T05"])
def test_an_unknown_category_is_named(given: str) -> None:
    with pytest.raises(taxonomy.UnknownCategory, match=f"unknown arXiv category: '{given}'"):
        taxonomy.canonical(given)


def test_an_archive_stands_for_its_categories_in_order_and_once() -> None:
    assert taxonomy.expand(["stat", "stat.ml", "cs.DC", "math.ST"]) == [
        "stat.AP",
        "stat.CO",
        "stat.ME",
        "stat.ML",
        "stat.OT",
        "math.ST",
        "cs.DC",
    ]
    assert len(taxonomy.expand(["cs"])) == 40
    assert taxonomy.expand(["math-ph"]) == ["math-ph"]
    with pytest.raises(taxonomy.UnknownCategory):
        taxonomy.expand(["cs", "nonsense"])


def test_every_category_of_the_shared_corpus_and_feeds_is_known(shared: Path) -> None:
    seen: set[str] = set()
    for file in (shared / "fixtures/corpus").glob("*.jsonl.gz"):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                seen.update(json.loads(line)["categories"])
    for folder in ("fixtures/feeds", "fixtures/feeds_reconstructed", "sample"):
        for file in (shared / folder).glob("*.xml"):
            seen.update(_CATEGORY.findall(file.read_text(encoding="utf-8")))
    assert len(seen) > 100
    assert {taxonomy.canonical(code) for code in seen} <= set(taxonomy.CATEGORIES)
