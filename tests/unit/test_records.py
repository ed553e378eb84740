"""SPF, DKIM and DMARC records are read as receivers read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.records import dkim_record, dmarc, spf
from tests.resolving import Zone


def spf_of(record: str, **others: str) -> spf.Reading:
    """Reads the record of example.org; others by their name's first label, below example.net."""
    records = {f"TXT {name}.example.net": [text] for name, text in others.items()}
    return spf.read("example.org", Zone(records | {"TXT example.org": [record]}))


def test_a_plain_record_has_nothing_to_be_said_of() -> None:
    reading = spf_of("v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 a mx -all")
    assert reading == spf.Reading(records=1, lookups=2, ending="-", permits=True)


def test_other_texts_are_no_spf() -> None:
    zone = Zone({"TXT example.org": ["google-verification=1", "v=spf10 +all", "v=SPF1 -all"]})
    assert spf.records_at("example.org", zone) == ["v=SPF1 -all"]


def test_questions_of_all_that_is_included_are_counted() -> None:
    reading = spf_of(
        "v=spf1 include:one.example.net mx exists:%{i}.example.net ~all",
        one="v=spf1 a a:x.example.net include:two.example.net -all",
        two="v=spf1 ptr ip4:198.51.100.1 -all",
    )
    assert (reading.lookups, reading.ending, reading.faults) == (7, "~", [])


def test_a_redirect_is_followed_where_there_is_no_all() -> None:
    assert spf_of("v=spf1 redirect=one.example.net", one="v=spf1 mx ?all").ending == "?"
    reading = spf_of("v=spf1 redirect=one.example.net -all", one="v=spf1 +all")
    assert (reading.ending, reading.open, reading.lookups) == ("-", False, 0)


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 +all",
        "v=spf1 all",
        "v=spf1 ip4:0.0.0.0/0 -all",
        "v=spf1 ip6:::/0 -all",
        "v=spf1 include:one.example.net -all",
        "v=spf1 redirect=one.example.net",
    ],
)
def test_a_door_that_stands_open_is_seen(record: str) -> None:
    assert spf_of(record, one="v=spf1 +all").open


def test_what_is_included_and_what_is_excluded_opens_nothing() -> None:
    assert not spf_of("v=spf1 include:one.example.net -all", one="v=spf1 ?all").open
    assert not spf_of("v=spf1 -include:one.example.net -all", one="v=spf1 +all").open


def test_records_that_include_each_other_come_to_an_end() -> None:
    reading = spf_of("v=spf1 include:one.example.net -all", one="v=spf1 include:one.example.net")
    assert reading.lookups > spf.MOST_LOOKUPS


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ("v=spf1 ipv4:198.51.100.1 -all", "example.org holds 'ipv4:198.51.100.1', which"),
        ("v=spf1 ip4:198.51.100.256 -all", "example.org holds 'ip4:198.51.100.256', which"),
        ("v=spf1 include -all", "example.org holds 'include', which"),
        ("v=spf1 -all:x", "example.org holds 'all:x', which"),
        ("v=spf1 include:no.example.net -all", "refers to no.example.net, which has no SPF record"),
    ],
)
def test_a_record_that_no_receiver_takes_is_named_with_its_fault(record: str, fault: str) -> None:
    assert fault in spf_of(record).faults[0]


@given(st.text(max_size=200))
def test_no_record_breaks_the_reader_of_spf(text: str) -> None:
    zone = Zone({"TXT example.org": [f"v=spf1 {text}"]})
    assert spf.read("example.org", zone).lookups <= spf.MOST_LOOKUPS + 2


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (["v=DKIM1; k=rsa; p=AAAA"], ""),
        (["p=AA AA"], ""),
        (["v=DKIM1; h=sha1:sha256; s=email; t=s; p=AAAA; n=x"], ""),
        ([], "is missing"),
        (["p=AAAA", "p=AAAA"], "stands there 2 times"),
        (["v=DKIM2; p=AAAA"], "is not a DKIM record"),
        (["hello"], "is not a DKIM record"),
        (["v=DKIM1; p="], "is revoked (p= is empty)"),
        (["v=DKIM1; p=BBBB"], "holds another key than DKIM_KEY"),
        (["v=DKIM1; k=ed25519; p=AAAA"], "holds another key than DKIM_KEY"),
        (["v=DKIM1; h=sha1; p=AAAA"], "does not allow sha256 (h=)"),
        (["v=DKIM1; s=tlsrpt; p=AAAA"], "is not for mail (s=)"),
        (["v=DKIM1; t=s:y; p=AAAA"], "is marked as a trial (t=y), so receivers pay no heed to it"),
    ],
)
def test_a_key_is_as_good_as_its_record(texts: list[str], fault: str) -> None:
    assert dkim_record.fault_of(texts, "AAAA") == fault


@given(st.lists(st.text(max_size=60), max_size=2))
def test_no_record_breaks_the_reader_of_dkim(texts: list[str]) -> None:
    assert isinstance(dkim_record.fault_of(texts, "AAAA"), str)


def dmarc_zone(**records: str) -> Zone:
    """By their domains, with two underscores for a dot."""
    return Zone({f"TXT _dmarc.{name.replace('__', '.')}": [text] for name, text in records.items()})


def test_the_policy_is_the_domains_own_else_its_organisations() -> None:
    zone = dmarc_zone(example__org="v=DMARC1; p=reject; sp=quarantine; aspf=s")
    assert dmarc.policy_for("example.org", zone) == dmarc.Policy(
        "example.org", "reject", True, False
    )
    assert dmarc.policy_for("post.example.org", zone) == dmarc.Policy(
        "example.org", "quarantine", True, False
    )
    zone.records["TXT _dmarc.post.example.org"] = ["v=DMARC1;p=none;adkim=S"]
    assert dmarc.policy_for("post.example.org", zone) == dmarc.Policy(
        "post.example.org", "none", False, True
    )
    assert dmarc.policy_for("example.com", zone) is None


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["v=spf1 -all"],
        ["p=none; v=DMARC1"],
        ["v=dmarc1; p=none"],
        ["v=DMARC1; p=none", "v=DMARC1; p=none"],
    ],
)
def test_what_is_no_dmarc_record_counts_for_nothing(texts: list[str]) -> None:
    assert dmarc.policy_for("example.org", Zone({"TXT _dmarc.example.org": texts})) is None


def test_a_record_beside_other_texts_counts() -> None:
    zone = Zone({"TXT _dmarc.example.org": ["v=spf1 -all", "v = DMARC1 ; p=reject"]})
    policy = dmarc.policy_for("example.org", zone)
    assert policy is not None
    assert policy.asked == "reject"


def test_the_organisation_is_the_highest_domain_that_has_a_record() -> None:
    zone = dmarc_zone(example__org="v=DMARC1; p=none", a__b__example__org="v=DMARC1; p=none")
    assert dmarc.organisation_of("a.b.example.org", zone) == "example.org"
    assert dmarc.organisation_of("x.y.example.org", zone) == "example.org"
    assert dmarc.organisation_of("example.com", zone) == "example.com"


def test_a_public_suffix_is_above_the_organisation() -> None:
    zone = dmarc_zone(ac__uk="v=DMARC1; p=reject; psd=y", a__b__ac__uk="v=DMARC1; p=none")
    assert dmarc.organisation_of("x.a.b.ac.uk", zone) == "b.ac.uk"
    assert dmarc.organisation_of("ac.uk", zone) == "ac.uk"
    policy = dmarc.policy_for("c.ac.uk", zone)
    assert policy is not None
    assert (policy.found_at, policy.asked) == ("ac.uk", "reject")


def test_a_domain_may_say_that_it_is_an_organisation_of_its_own() -> None:
    zone = dmarc_zone(example__org="v=DMARC1; p=none", own__example__org="v=DMARC1; p=none; psd=n")
    assert dmarc.organisation_of("x.own.example.org", zone) == "own.example.org"
    assert not dmarc.is_aligned("own.example.org", "example.org", zone, strict=False)


def test_alignment_is_by_organisation_or_to_the_letter() -> None:
    zone = dmarc_zone(example__org="v=DMARC1; p=none")
    pair = ("bounce.example.org", "post.example.org")
    assert dmarc.is_aligned(*pair, zone, strict=False)
    assert not dmarc.is_aligned(*pair, zone, strict=True)
    assert dmarc.is_aligned("example.org", "example.org", zone, strict=True)
    assert not dmarc.is_aligned("example.com", "example.org", zone, strict=False)


def test_a_name_of_many_labels_is_walked_in_few_questions() -> None:
    zone = Zone({})
    dmarc.organisation_of(".".join("abcdefghijklm"), zone)
    assert zone.asked == [
        "TXT _dmarc.a.b.c.d.e.f.g.h.i.j.k.l.m",
        *[f"TXT _dmarc.{'.'.join('ghijklm'[at:])}" for at in range(7)],
    ]


@given(st.text(max_size=60))
def test_no_record_breaks_the_reader_of_dmarc(text: str) -> None:
    dmarc.policy_for("post.example.org", dmarc_zone(example__org=f"v=DMARC1;{text}"))
