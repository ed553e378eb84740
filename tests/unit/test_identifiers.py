from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.arxiv import identifiers


@pytest.mark.parametrize(
    ("text", "arxiv_id", "version"),
    [
        ("2602.00277", "2602.00277", None),
        ("2403.15527v12", "2403.15527", 12),
        ("oai:arXiv.org:2508.13426v1", "2508.13426", 1),
        ("arXiv:0704.0001v2", "0704.0001", 2),
        ("https://arxiv.org/abs/2403.15527", "2403.15527", None),
        ("http://arxiv.org/pdf/2510.21419v1", "2510.21419", 1),
        ("https://arxiv.org/pdf/2510.21419v1.pdf", "2510.21419", 1),
        ("math.CA/0611800", "math/0611800", None),
        ("math/0611800v3", "math/0611800", 3),
        ("http://arxiv.org/abs/quant-ph/0201082v1", "quant-ph/0201082", 1),
        ("solv-int/9701001v2", "solv-int/9701001", 2),
        ("solv-int/9701001", "solv-int/9701001", None),
    ],
)
def test_every_form_of_an_identifier_is_read(text: str, arxiv_id: str, version: int | None) -> None:
    assert identifiers.parse(text) == (arxiv_id, version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "2602.277",
        "2613.00277",
        "0000.0000",
        "1412.00001",
        "1501.0001",
        "0612.0001",
        "2602.00277v0",
        "math/061180",
        "https://arxiv.org/list/cs/new",
        "٢٦٠٢.٠٠٢٧٧",
    ],
)
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an arXiv identifier"):
        identifiers.parse(text)


@settings(deadline=None)
@given(
    year=st.integers(15, 90),
    month=st.integers(1, 12),
    number=st.integers(0, 99_999),
    version=st.none() | st.integers(1, 9_999),
)
def test_a_new_identifier_is_read_as_it_was_written(
    year: int, month: int, number: int, version: int | None
) -> None:
    name = f"{year:02}{month:02}.{number:05}"
    assert identifiers.parse(name + (f"v{version}" if version else "")) == (name, version)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused_and_what_was_read_stays(text: str) -> None:
    try:
        arxiv_id, _ = identifiers.parse(text)
    except ValueError:
        return
    assert identifiers.parse(arxiv_id) == (arxiv_id, None)
