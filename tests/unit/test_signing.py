"""The settings of DKIM: a signer where they are whole, and what is said where they are not."""

from __future__ import annotations

import io
import re
import stat
import subprocess
import sys
from functools import cache
from pathlib import Path

import dkim as dkimpy
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from newsletter import checks, env
from newsletter.delivery import dkim, signing

MAIL = b"From: <digest@post.example.org>\r\nSubject: x\r\n\r\nHello\r\n"


@cache
def pem() -> str:
    return dkim.as_pem(dkim.new_key())


@pytest.fixture
def signed(settings: Settings) -> Settings:
    """Settings with which mails are signed here."""
    settings.EMAIL_URL = "smtp://mail.example.org"
    settings.POSTAL_ADDRESS = "1 Example Street"
    settings.FROM_EMAIL = "Post <digest@Post.Example.org>"
    settings.DKIM_KEY, settings.DKIM_SELECTOR, settings.DKIM_DOMAIN = pem(), "s1", ""
    return settings


def faults() -> list[str]:
    found = [str(message.msg) for message in checks.check_signing(None)]
    assert not any(line in text for text in found for line in pem().splitlines()[1:-1])
    return found


def test_without_a_key_nothing_is_signed_and_nothing_is_wrong(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example.org"
    assert (signing.signer(), faults()) == (None, [])


@pytest.mark.usefixtures("signed")
def test_the_domain_of_the_sender_signs_unless_another_is_named(signed: Settings) -> None:
    one = signing.signer()
    assert one is not None
    assert (one.domain, one.selector, faults()) == ("post.example.org", "s1", [])
    signed.DKIM_DOMAIN = "example.org"
    other = signing.signer()
    assert other is not None
    assert b" d=example.org; s=s1;" in other.sign(MAIL)
    record = other.record.encode()
    assert dkimpy.verify(other.sign(MAIL), dnsfunc=lambda name, timeout=5: record)


@pytest.mark.usefixtures("signed")
def test_a_process_makes_its_signer_once() -> None:
    assert signing.signer() is signing.signer()


@pytest.mark.parametrize("url", ["postmark", "django.core.mail.backends.smtp.EmailBackend"])
def test_what_makes_mails_anew_has_to_sign_them(signed: Settings, url: str) -> None:
    signed.EMAIL_URL = url
    assert signing.signer() is None
    [said] = faults()
    assert said.startswith("DKIM_KEY is set, but")
    assert checks.faults() == []  # a warning


@pytest.mark.parametrize("url", ["smtps://a:b@mail.example.org", "outbox:///srv/outbox"])
def test_bytes_that_stay_as_they_are_are_signed(signed: Settings, url: str) -> None:
    signed.EMAIL_URL = url
    assert signing.signer() is not None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DKIM_SELECTOR": ""}, "DKIM_KEY is set, and DKIM_SELECTOR is not."),
        ({"DKIM_KEY": ""}, "DKIM_SELECTOR is set, and DKIM_KEY is not: nothing is signed."),
        (
            {"DKIM_KEY": "", "DKIM_SELECTOR": "", "DKIM_DOMAIN": "example.org"},
            "DKIM_DOMAIN is set, and DKIM_KEY is not: nothing is signed.",
        ),
        (
            {"DKIM_KEY": "nonsense"},
            "DKIM_KEY: not a private key in PEM (-----BEGIN PRIVATE KEY-----).",
        ),
        ({"DKIM_SELECTOR": "a b"}, "DKIM_SELECTOR is not a name of the DNS: 'a b'"),
        ({"DKIM_DOMAIN": "a b"}, "DKIM_DOMAIN is not a domain: 'a b'"),
        (
            {"FROM_EMAIL": "digest@localhost"},
            "DKIM_DOMAIN, taken from FROM_EMAIL, is not a domain: 'localhost'",
        ),
    ],
)
def test_each_lack_is_an_error_that_names_the_setting(
    signed: Settings, changes: dict[str, str], said: str
) -> None:
    for name, value in changes.items():
        setattr(signed, name, value)
    assert faults() == [said]
    assert said in checks.faults()


def test_a_key_is_read_from_a_file_or_from_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key.pem").write_text(pem())
    read = "from newsletter import settings; print(settings.DKIM_KEY)"
    one_line = pem().replace("\n", "\\n")
    for name, value in [("DKIM_KEY_FILE", str(tmp_path / "key.pem")), ("DKIM_KEY", one_line)]:
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            said = subprocess.run([sys.executable, "-c", read], check=True, capture_output=True)
        assert said.stdout.decode().strip() == pem().strip()


def test_a_key_file_that_is_no_text_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key.der").write_bytes(b"\x30\x82\x04\xa4")
    monkeypatch.setenv("DKIM_KEY_FILE", str(tmp_path / "key.der"))
    with pytest.raises(ImproperlyConfigured, match=r"DKIM_KEY_FILE: .*key\.der is not a text"):
        env.text("DKIM_KEY")


def test_nobody_without_a_key_loads_cryptography() -> None:
    read = (
        "import django, sys; django.setup(); from newsletter.delivery import signing;"
        "assert signing.signer() is None; assert 'newsletter.delivery.dkim' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", read], check=True)


def make_key(**options: str) -> str:
    out = io.StringIO()
    call_command("dkim_key", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def house(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.FROM_EMAIL = "digest@post.example.org"
    return tmp_path / "data"


def test_the_command_makes_a_key_and_prints_its_record(house: Path) -> None:
    said = make_key(selector="s1")
    file = house / "dkim-s1.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    signer = dkim.Signer("post.example.org", "s1", dkim.private_key(file.read_text()))
    assert "s1._domainkey.post.example.org. IN TXT (" in said
    assert "".join(re.findall(r'"([^"]*)"', said)) == signer.record
    assert f"DKIM_KEY_FILE={file}\nDKIM_SELECTOR=s1\n" in said
    assert "PRIVATE" not in said


def test_the_command_never_overwrites_a_key(house: Path) -> None:
    make_key(selector="s1")
    before = (house / "dkim-s1.pem").read_text()
    with pytest.raises(CommandError, match="is there already and stays"):
        make_key(selector="s1")
    assert (house / "dkim-s1.pem").read_text() == before


@pytest.mark.parametrize("selector", ["../x", "a b", ""])
def test_the_command_refuses_a_selector_that_is_none(house: Path, selector: str) -> None:
    with pytest.raises(CommandError, match="not a selector"):
        make_key(selector=selector)
    assert not house.exists()


def test_the_command_asks_for_a_domain_that_can_be_looked_up(
    house: Path, settings: Settings
) -> None:
    settings.FROM_EMAIL = "digest@localhost"
    with pytest.raises(CommandError, match="set FROM_EMAIL or DKIM_DOMAIN"):
        make_key(selector="s1")
