"""The documents are true: what they name is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NAMES = sorted(
    set(
        re.findall(
            r"`((?:digest|newsletter)(?:\.[a-z_]+)+)`",
            (ROOT / "docs/architecture.md").read_text(encoding="utf-8"),
        )
    )
)


@pytest.mark.parametrize("name", _NAMES)
def test_each_function_that_the_architecture_names_exists(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, function = name.rpartition(".")
        assert hasattr(importlib.import_module(module), function)


def test_each_file_that_the_documents_name_exists() -> None:
    missing = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                missing.append(f"{page.name}: {target}")
    assert missing == []
