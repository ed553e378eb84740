"""`make mailcheck`: what is over a limit counts, and a program that is missing is only named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.mailcheck import browser, node, report, rspamd, spamassassin
from tests.mailcheck.judging import Letter, Missing, Verdict

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def letter(tmp_path: Path) -> Letter:
    for name in ("sent", "kept", "html"):
        (tmp_path / name).write_text("")
    return Letter(
        "daily", "a@example.org", "b@example.org", *(tmp_path / n for n in ("sent", "kept", "html"))
    )


def raising() -> Verdict:
    raise Missing("apt-get install it")


def test_what_is_over_a_limit_is_told(letter: Letter, capsys: pytest.CaptureFixture[str]) -> None:
    bad = Verdict({"daily": "7.1"}, ["daily: 7.1: SO_BAD 7.1"])
    over = report.told([letter], {"Judge\n< 0.5": lambda: bad, "Other": lambda: Verdict()})
    assert over == ["Judge: daily: 7.1: SO_BAD 7.1"]
    assert "OVER Judge: daily: 7.1: SO_BAD 7.1" in capsys.readouterr().out


def test_a_missing_program_is_named_with_its_remedy_and_fails_nothing(
    letter: Letter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report.told([letter], {"Judge": raising}) == []
    assert "Judge is missing: apt-get install it" in capsys.readouterr().out


def test_every_judge_says_how_to_install_it(
    letter: Letter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(browser, "CHROMIUM", "")
    for judge in (
        lambda: spamassassin.judge([letter]),
        lambda: rspamd.judge([letter], tmp_path),
        lambda: browser.judge([letter], {}),
        lambda: node.html_validate([letter], {}),
        lambda: node.caniemail([letter]),
        node.mjml,
    ):
        with pytest.raises(Missing, match="install"):
            judge()


def test_an_empty_folder_of_node_tools_says_what_to_do(
    letter: Letter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NODE_TOOLS", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(Missing, match="npm install --prefix var/node"):
        node.caniemail([letter])


def test_what_is_known_and_accepted_has_its_reason() -> None:
    known = json.loads((node.HERE / "known.json").read_text(encoding="utf-8"))
    assert set(known["axe"]) == {"landmark-one-main", "region"}
    for judge in known.values():
        assert all(judge.values())


def test_nodes_programs_are_pinned() -> None:
    wanted = json.loads((node.HERE / "package.json").read_text(encoding="utf-8"))
    assert set(wanted["dependencies"]) == {"mjml", "html-validate", "caniemail"}
    assert all(version[0].isdecimal() for version in wanted["dependencies"].values())
