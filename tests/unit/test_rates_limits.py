"""How rates are written in the settings, and which domains are counted together."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.rates import limits, providers
from newsletter.delivery.rates.client import client_of
from newsletter.delivery.rates.limiter import Limiter
from newsletter.delivery.rates.limits import Limit

DOMAINS = st.sampled_from(["yahoo.com", "aol.com", "web.de", "example.org", "a.b.example"])
RATES = st.tuples(st.integers(1, 9999), st.sampled_from("smhd"))


def test_a_domain_has_a_rate_and_messages_for_one_connection() -> None:
    found = limits.of_domains(" yahoo.com=5/s:20, Web.DE = 120/m ,")
    assert found["yahoo.com"] == Limit(5.0, 2, 20)
    assert found["web.de"] == Limit(2.0, 1, 0)


def test_a_rate_may_be_for_a_second_a_minute_an_hour_or_a_day() -> None:
    found = limits.of_domains("a.org=0.5/s,b.org=60/m,c.org=1800/h,d.org=43200/d")
    assert [found[f"{name}.org"].per_second for name in "abcd"] == [0.5, 1.0, 0.5, 0.5]


def test_messages_for_one_connection_need_no_rate() -> None:
    assert limits.of_domains("example.org=:10")["example.org"] == Limit(0.0, 0, 10)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("yahoo.com", "a rate is missing"),
        ("yahoo.com=", "a rate is missing"),
        ("yahoo.com=5", "the rate"),
        ("yahoo.com=5/x", "'5/x'"),
        ("yahoo.com=0/s", "above 0"),
        ("yahoo.com=999999999/s", "at most"),
        ("yahoo.com=-5/s", "the rate"),
        ("yahoo.com=5/s:", "one connection"),
        ("yahoo.com=5/s:many", "'many'"),
        ("web.de=1/s,yahoo.com=5/s:2:3", "yahoo.com=5/s:2:3"),
        ("yahoo=5/s", "'yahoo' is no domain"),
        ("=5/s", "is no domain"),
        ("münchen.de=5/s", "is no domain"),
        ("yahoo.com=5/s,YAHOO.com=6/s", "twice"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DOMAIN_RATES: ") as error:
        limits.of_domains(text)
    assert named in str(error.value)


@given(st.text(max_size=40))
def test_nonsense_is_refused_and_nothing_else_happens(text: str) -> None:
    refused = ""
    try:
        limits.of_domains(text)
    except ImproperlyConfigured as error:
        refused = str(error)
    assert not refused or refused.startswith("DOMAIN_RATES: ")


@given(st.dictionaries(DOMAINS, st.tuples(RATES, st.none() | st.integers(0, 500))))
def test_what_is_written_is_what_counts(
    written: dict[str, tuple[tuple[int, str], int | None]],
) -> None:
    parts = [
        f"{domain}={rate}/{unit}" + ("" if most is None else f":{most}")
        for domain, ((rate, unit), most) in written.items()
    ]
    found = limits.of_domains(",".join(parts))
    for domain, ((rate, unit), most) in written.items():
        seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
        assert found[domain].per_second == pytest.approx(rate / seconds)
        assert found[domain].burst >= 1
        assert most in {None, found[domain].per_connection}


def test_yahoo_takes_twenty_of_one_connection_unless_told_otherwise() -> None:
    def per_connection(text: str, domain: str) -> int:
        return Limiter(None, limits.of_domains(text)).per_connection(domain)

    assert per_connection("", "yahoo.com") == per_connection("", "aol.com") == 20
    assert per_connection("yahoo.com=5/s", "yahoo.co.uk") == 20
    assert per_connection("yahoo.com=5/s:7", "yahoo.co.uk") == 7
    assert per_connection("yahoo.com=:0", "aol.com") == 0
    assert per_connection("aol.com=5/s", "yahoo.com") == 20
    assert per_connection("", "example.org") == 0


def test_a_named_domain_stands_for_its_providers_others() -> None:
    places = limits.places(limits.of_domains("yahoo.com=5/s,web.de=1/s"))
    assert places["ymail.com"] == places["yahoo.com"] == ("yahoo.com", Limit(5.0, 2, 20))
    assert places["web.de"] == ("web.de", Limit(1.0, 1))
    assert places["googlemail.com"] == ("gmail.com", limits.NONE)
    assert "example.org" not in places


def test_a_sibling_that_is_named_as_well_counts_alone() -> None:
    places = limits.places(limits.of_domains("aol.com=1/s,yahoo.com=5/s"))
    assert places["aol.com"].name == "aol.com"
    assert places["yahoo.com"].name == places["ymail.com"].name == "yahoo.com"


def test_no_domain_belongs_to_two_providers() -> None:
    known = providers.siblings()
    everyone = [domain for group in set(known.values()) for domain in group]
    assert len(everyone) == len(set(everyone)) == len(known)


def test_a_relays_limit_is_in_its_addresss_options() -> None:
    assert limits.of_relay({}) == limits.NONE
    assert limits.of_relay({"rate": "50", "timeout": "10"}) == Limit(50.0, 13)
    given = {"rate": "600/m", "burst": "40", "per_connection": "100"}
    assert limits.of_relay(given) == Limit(10.0, 40, 100)
    assert limits.of_relay({"per_connection": "100"}) == Limit(0.0, 0, 100)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"rate": "fast"}, "rate"),
        ({"rate": "5", "burst": "0"}, "burst"),
        ({"burst": "5"}, "burst"),
        ({"per_connection": "-1"}, "per_connection"),
    ],
)
def test_a_relays_nonsense_is_named(options: dict[str, str], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^EMAIL_URL: {named}"):
        limits.of_relay(options)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis+socket:///srv/my data/v.sock", {"path": "/srv/my data/v.sock"}),
        ("redis+socket:///v.sock?virtual_host=3", {"path": "/v.sock", "db": 3}),
        ("redis://:secret@redis.example.org:6380/2", {"host": "redis.example.org", "db": 2}),
        ("rediss://a.example/1?ssl_cert_reqs=CERT_NONE&x=y", {"ssl_cert_reqs": "none", "db": 1}),
        ("redis://a.example/1;redis://b.example/1", {"host": "a.example"}),
    ],
)
def test_the_brokers_address_is_read_as_celery_reads_it(
    url: str, expected: dict[str, object]
) -> None:
    client = client_of(url)
    assert client is not None
    pool = client.connection_pool
    pool.make_connection()  # it knows all of its options
    assert {name: pool.connection_kwargs[name] for name in expected} == expected


def test_a_broker_that_is_nothing_to_count_in_is_said_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert client_of("sentinel://:secret@a.example:26379") is None
    assert "rates cannot be shared through sentinel://" in caplog.text
    assert "secret" not in caplog.text
