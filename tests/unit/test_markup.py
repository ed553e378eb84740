"""Telling pages from feeds, whatever stands before them."""

from __future__ import annotations

import time

import pytest

from digest.arxiv.listing import FeedError
from digest.arxiv.markup import is_page, root_of


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html>",
        b"\xef\xbb\xbf \n<HTML>",
        b"<!-- saved --> <!-- <html> -->\n<!doctype  html>",
    ],
)
def test_a_page_is_known_by_how_it_begins(data: bytes) -> None:
    assert is_page(data)


@pytest.mark.parametrize("data", [b"", b"<!-- <html>", b"<?xml?><html>", b"<rss>", b"<htmlx>"])
def test_anything_else_is_no_page(data: bytes) -> None:
    assert not is_page(data)


@pytest.mark.parametrize("odd", [b"<!-- -->", b"<!--", b"<!-- --> \n", b"\n"])
def test_telling_takes_no_time_whatever_comes_first(odd: bytes) -> None:
    for number in (25, 50_000):  # each comment after the 25th would double the time
        began = time.process_time()
        assert not is_page(odd * number + b"x")
        assert time.process_time() - began < 0.5


@pytest.mark.parametrize("odd", [b"<title>", b"<title"])
def test_a_page_in_place_of_a_feed_is_refused_at_once(odd: bytes) -> None:
    began = time.process_time()
    with pytest.raises(FeedError, match="a web page instead of a feed: no title"):
        root_of(b"<html>" + odd * 300_000)
    assert time.process_time() - began < 2
