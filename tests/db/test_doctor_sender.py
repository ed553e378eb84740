"""Doctor on the sender: what receivers will find in the DNS, and what is to be done about it."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from pytest_django import Settings

from newsletter import doctor, probes, sender_findings
from newsletter.delivery import dkim, signing
from newsletter.findings import Finding
from tests.resolving import Zone

# Some public addresses; those for examples are none.
HERE, HERE_6, RELAY = "193.0.6.139", "2001:67c:2e8:22::c100:68b", "192.0.47.7"


@cache
def pem() -> str:
    return dkim.as_pem(dkim.new_key())


@pytest.fixture(autouse=True)
def sender(settings: Settings) -> Settings:
    """A sender of whom nothing is to be said: see ``zone``."""
    settings.EMAIL_URL = "smtp://user:secret@relay.example.net:587"
    settings.FROM_EMAIL = "Post <digest@post.example.org>"
    settings.SITE_HOST = "post.example.org"
    settings.BOUNCE_DOMAIN = ""
    settings.DKIM_KEY, settings.DKIM_SELECTOR, settings.DKIM_DOMAIN = pem(), "s1", ""
    return settings


@pytest.fixture
def zone() -> Zone:
    signer = dkim.Signer("post.example.org", "s1", dkim.private_key(pem()))
    return Zone(
        {
            "TXT post.example.org": ["other", "v=spf1 a:relay.example.net -all"],
            "TXT s1._domainkey.post.example.org": [signer.record],
            "TXT _dmarc.example.org": ["v=DMARC1; p=quarantine; rua=mailto:d@example.org"],
            "MX post.example.org": ["mx.example.org"],
            "A post.example.org": [HERE, HERE_6],
            "A relay.example.net": [RELAY],
            f"PTR {HERE}": ["post.example.org"],
            f"PTR {HERE_6}": ["post.example.org"],
        }
    )


def found(zone: Zone) -> list[Finding]:
    return list(sender_findings.examine(zone))


def only(zone: Zone, *, note: bool = False) -> tuple[str, str]:
    """The one finding and its remedy."""
    [one] = found(zone)
    assert one.note is note
    return one.what, one.remedy


def test_of_a_sender_in_order_nothing_is_found(zone: Zone) -> None:
    assert found(zone) == []


@pytest.mark.parametrize("url", ["outbox:///srv/outbox", "nonsense", "http://x.org"])
def test_nothing_is_asked_while_mail_stays_here_or_goes_nowhere(
    zone: Zone, sender: Settings, url: str
) -> None:
    sender.EMAIL_URL = url
    assert (found(zone), zone.asked) == ([], [])


def test_doctor_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Finding("The sender was looked at.", "None.")
    monkeypatch.setattr(sender_findings, "examine", lambda: iter([here]))
    monkeypatch.setattr(probes, "broker", lambda: "down")
    monkeypatch.setattr(probes, "database", lambda: "down")
    now = dt.datetime(2026, 2, 3, 17, tzinfo=dt.UTC)
    assert here in list(doctor.examine(now))


def test_without_dns_there_is_one_note_and_few_questions() -> None:
    silent = Zone({}, "*")
    what, remedy = only(silent, note=True)
    assert what.startswith("The DNS did not answer: TXT of post.example.org, TXT of s1._domainkey")
    assert remedy.startswith("Run `doctor` again where it can be asked")
    assert len(silent.asked) == 2


def test_one_name_that_does_not_answer_hides_nothing_else(zone: Zone) -> None:
    zone.silent = ("TXT post.example.org",)
    zone.records["TXT _dmarc.example.org"] = []
    dmarc, note = found(zone)
    assert dmarc.what == "post.example.org has no DMARC record."
    assert note == Finding(
        "The DNS did not answer: TXT of post.example.org.",
        "Run `doctor` again where it can be asked; SPF, DKIM, DMARC and PTR were not all seen.",
        note=True,
    )


def test_a_sender_that_cannot_be_looked_up_is_said_and_not_asked_of(
    zone: Zone, sender: Settings
) -> None:
    sender.FROM_EMAIL = "digest@localhost"
    assert only(zone) == (
        "FROM_EMAIL is at localhost, which no receiver can look up.",
        "Set it to an address in a domain of your own.",
    )
    assert zone.asked == []


# SPF


def test_a_missing_spf_record_is_found(zone: Zone) -> None:
    zone.records["TXT post.example.org"] = ["other"]
    what, remedy = only(zone)
    assert what == "post.example.org has no SPF record."
    assert remedy.startswith('Publish one as TXT at post.example.org, such as "v=spf1 ')


def test_the_envelopes_domain_is_the_one_that_spf_is_about(zone: Zone, sender: Settings) -> None:
    sender.BOUNCE_DOMAIN = "Returns.example.org"
    zone.records["MX returns.example.org"] = ["mx.example.org"]
    assert only(zone)[0] == "returns.example.org has no SPF record."


def test_an_esp_may_have_its_own_return_path(zone: Zone, sender: Settings) -> None:
    sender.EMAIL_URL, sender.DKIM_KEY, sender.DKIM_SELECTOR = "postmark", "", ""
    zone.records["TXT post.example.org"] = []
    assert only(zone, note=True)[0] == "post.example.org has no SPF record."


@pytest.mark.parametrize(
    ("records", "what", "remedy"),
    [
        (
            ["v=spf1 mx -all", "v=spf1 a -all"],
            "post.example.org has 2 SPF records, so none counts (RFC 7208, 4.5).",
            "Make one of them.",
        ),
        (
            ["v=spf1 mx +all"],
            "The SPF record of post.example.org lets everybody send (+all).",
            "End it with -all or ~all.",
        ),
        (
            ["v=spf1 -all"],
            "The SPF record of post.example.org lets nobody send.",
            "Name your relay before its all.",
        ),
        (
            ["v=spf1 ip:198.51.100.1 -all"],
            "SPF: post.example.org holds 'ip:198.51.100.1', which is not SPF; receivers take that"
            " for no record.",
            "Put it right there.",
        ),
        (
            ["v=spf1 " + "a:relay.example.net " * 11 + "-all"],
            "The SPF record of post.example.org takes more than 10 questions, after which receivers"
            " give up.",
            "Replace include, a and mx by ip4 and ip6 where you can.",
        ),
    ],
)
def test_an_spf_record_that_will_not_do_is_found(
    zone: Zone, records: list[str], what: str, remedy: str
) -> None:
    zone.records["TXT post.example.org"] = records
    assert only(zone) == (what, remedy)


@pytest.mark.parametrize("record", ["v=spf1 mx", "v=spf1 mx ?all"])
def test_an_spf_record_that_decides_nothing_is_worth_a_note(zone: Zone, record: str) -> None:
    zone.records["TXT post.example.org"] = [record]
    what, remedy = only(zone, note=True)
    assert what == "The SPF record of post.example.org says of others neither yes nor no."
    assert remedy == "End it with -all or ~all."


def test_an_spf_record_of_ten_questions_is_well(zone: Zone) -> None:
    zone.records["TXT post.example.org"] = ["v=spf1 " + "a:relay.example.net " * 10 + "-all"]
    assert found(zone) == []


# DKIM


@pytest.mark.parametrize(
    ("records", "fault"),
    [
        ([], "is missing"),
        (["v=DKIM1; p="], "is revoked (p= is empty)"),
        (["v=DKIM1; k=rsa; p=AAAA"], "holds another key than DKIM_KEY"),
    ],
)
def test_a_dkim_record_that_will_not_do_is_found(
    zone: Zone, records: list[str], fault: str
) -> None:
    [good] = zone.records["TXT s1._domainkey.post.example.org"]
    zone.records["TXT s1._domainkey.post.example.org"] = records
    assert only(zone) == (
        f"The DKIM record s1._domainkey.post.example.org {fault}.",
        f'There must be one TXT: "{good}"',
    )


def test_a_dkim_record_on_trial_is_found(zone: Zone) -> None:
    [good] = zone.records["TXT s1._domainkey.post.example.org"]
    zone.records["TXT s1._domainkey.post.example.org"] = [good.replace("k=rsa", "t=y")]
    assert only(zone)[0].endswith("is marked as a trial (t=y), so receivers pay no heed to it.")


def test_where_the_relay_signs_a_note_says_what_to_look_for(zone: Zone, sender: Settings) -> None:
    sender.DKIM_KEY, sender.DKIM_SELECTOR = "", ""
    what, remedy = only(zone, note=True)
    assert what == "Mails are not signed here, so the relay has to (DKIM, d=post.example.org)."
    assert "list-unsubscribe-post" in remedy


def test_a_key_that_is_no_key_is_left_to_the_settings(zone: Zone, sender: Settings) -> None:
    sender.DKIM_KEY = "nonsense"
    assert found(zone) == []
    assert list(signing.faults()) != []


# DMARC


def test_a_missing_dmarc_record_is_found(zone: Zone) -> None:
    zone.records["TXT _dmarc.example.org"] = []
    what, remedy = only(zone)
    assert what == "post.example.org has no DMARC record."
    assert remedy.startswith('There must be one TXT at _dmarc.post.example.org, such as "v=DMARC1;')


def test_two_dmarc_records_are_none(zone: Zone) -> None:
    zone.records["TXT _dmarc.example.org"] = []
    zone.records["TXT _dmarc.post.example.org"] = ["v=DMARC1; p=none", "v=DMARC1; p=reject"]
    assert only(zone)[0] == "post.example.org has more than one DMARC record."


def test_a_policy_of_nothing_is_worth_a_note(zone: Zone) -> None:
    zone.records["TXT _dmarc.example.org"] = ["v=DMARC1; p=reject; sp=none"]
    what, remedy = only(zone, note=True)
    assert what == "The DMARC record _dmarc.example.org asks for nothing (p=none)."
    assert "p=quarantine" in remedy


def test_a_policy_that_does_not_exist_is_found(zone: Zone) -> None:
    zone.records["TXT _dmarc.example.org"] = ["v=DMARC1; p=monitor"]
    assert only(zone) == (
        "The DMARC record _dmarc.example.org asks for 'monitor', which does not exist.",
        "p= and sp= are one of none, quarantine, reject.",
    )


def returns_at(zone: Zone, sender: Settings, domain: str) -> None:
    sender.BOUNCE_DOMAIN = domain
    zone.records[f"TXT {domain}"] = ["v=spf1 a:relay.example.net -all"]
    zone.records[f"MX {domain}"] = ["mx.example.org"]


def test_a_return_path_of_the_same_organisation_is_aligned(zone: Zone, sender: Settings) -> None:
    returns_at(zone, sender, "returns.example.org")
    assert found(zone) == []


def test_a_return_path_elsewhere_is_a_note_while_dkim_is_aligned(
    zone: Zone, sender: Settings
) -> None:
    returns_at(zone, sender, "returns.example.com")
    assert only(zone, note=True) == (
        "The return path is at returns.example.com, which DMARC does not count for"
        " post.example.org (relaxed: the same organisation).",
        "Leave BOUNCE_DOMAIN empty, or name one below post.example.org.",
    )


def test_a_return_path_elsewhere_is_a_trouble_where_we_do_not_sign(
    zone: Zone, sender: Settings
) -> None:
    returns_at(zone, sender, "returns.example.com")
    sender.DKIM_KEY, sender.DKIM_SELECTOR = "", ""
    assert [one.note for one in found(zone)] == [True, False]  # the relay signs; the return path


def test_strict_alignment_wants_the_same_domain(zone: Zone, sender: Settings) -> None:
    zone.records["TXT _dmarc.example.org"] = ["v=DMARC1; p=reject; aspf=s; adkim=s"]
    assert found(zone) == []
    returns_at(zone, sender, "returns.example.org")
    what, remedy = only(zone, note=True)
    assert what.endswith("(strict: the same domain).")
    assert remedy == "Leave BOUNCE_DOMAIN empty, or take aspf=s from the record."


def test_a_signing_domain_that_does_not_count_is_found(zone: Zone, sender: Settings) -> None:
    sender.DKIM_DOMAIN = "example.com"
    [record] = zone.records["TXT s1._domainkey.post.example.org"]
    zone.records["TXT s1._domainkey.example.com"] = [record]
    assert only(zone) == (
        "DKIM signs as example.com, which DMARC does not count for post.example.org"
        " (relaxed: the same organisation).",
        "Leave DKIM_DOMAIN empty, or give FROM_EMAIL the same domain.",
    )


def test_the_organisations_domain_may_sign_for_all_below_it(zone: Zone, sender: Settings) -> None:
    sender.DKIM_DOMAIN = "example.org"
    [record] = zone.records["TXT s1._domainkey.post.example.org"]
    zone.records["TXT s1._domainkey.example.org"] = [record]
    assert found(zone) == []


# Where returned mail goes


def test_returns_that_nobody_takes_are_found(zone: Zone, sender: Settings) -> None:
    returns_at(zone, sender, "returns.example.org")
    zone.records["MX returns.example.org"] = []
    assert only(zone) == (
        "returns.example.org has no MX, so returned mail is lost.",
        "Publish an MX for it, or set BOUNCE_DOMAIN to a domain that has one.",
    )
    zone.records["MX returns.example.org"] = [""]
    assert only(zone)[0].startswith("returns.example.org takes no mail (its MX is a dot)")


def test_an_address_does_for_an_mx(zone: Zone) -> None:
    zone.records["MX post.example.org"] = []
    assert found(zone) == []


# Names and addresses


def test_a_relay_elsewhere_has_a_ptr_of_its_own_affair(zone: Zone) -> None:
    found(zone)
    assert not [question for question in zone.asked if question.startswith("PTR")]


@pytest.mark.parametrize("names", [[], ["other.example.com"]])
def test_a_relay_at_the_sites_address_must_lead_back(
    zone: Zone, sender: Settings, names: list[str]
) -> None:
    zone.records["A relay.example.net"] = [HERE, RELAY]
    assert found(zone) == []
    zone.records[f"PTR {HERE}"] = names
    what, remedy = only(zone)
    assert what == f"relay.example.net ({HERE}) has no PTR that leads back to it."
    assert "set its PTR" in remedy


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "mail"])
def test_a_relay_on_this_machine_or_network_is_a_note(
    zone: Zone, sender: Settings, host: str
) -> None:
    sender.EMAIL_URL = f"smtp://{host}:25?starttls=off"
    what, remedy = only(zone, note=True)
    assert what == f"The name and the PTR of the relay {host} are its own affair."
    assert "PTR" in remedy
    zone.records[f"PTR {HERE_6}"] = []
    assert only(zone, note=True)[0].endswith(f"Of this site's addresses {HERE_6} has none.")


def test_each_of_several_relays_is_looked_at(
    zone: Zone, sender: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_findings, "check_transport", lambda _: [])
    sender.EMAIL_URL = "smtp://127.0.0.1:25, smtps://user:a,b@relay.example.net"
    assert only(zone, note=True)[0].startswith("The name and the PTR of the relay 127.0.0.1")
    assert "A relay.example.net" in zone.asked
