"""The house's own rules, which no linter knows."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 250  # lines
# Each with its reason.
MAY_BE_LONGER = {
    "digest/migrations/0001_initial.py",  # generated
    "digest/migrations/0007_summaries_and_desk.py",  # generated
    "newsletter/migrations/0001_initial.py",  # generated
    "digest/arxiv/taxonomy_names.py",  # a table
    "newsletter/settings.py",  # one reader a setting
}
# Django imports an app's checks when the app is ready, not before.
MAY_IMPORT_LATE = {"newsletter/apps.py"}
# One mail that breaks must not stop the others, and a foreign backend may raise anything.
MAY_CATCH_ALL = {
    "newsletter/delivery/letters.py",
    "newsletter/delivery/returned/by_flufl.py",
    "newsletter/delivery/transports/django_backend.py",
}
_NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__"}
_MANUAL = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def files() -> Iterator[Path]:
    """Every file of the repository; what is made while working begins with a dot or is named."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in _NOT_OURS and not name.endswith("_cache")
        ]
        yield from (Path(folder) / name for name in names)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


MODULES = sorted(
    path
    for path in files()
    if path.suffix == ".py" and named(path).split("/")[0] in {"digest", "newsletter"}
)
COMMANDS = sorted(
    path.stem
    for path in MODULES
    if path.parent.name == "commands" and not path.stem.startswith("_")
)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 50
    assert {"serve", "send_issue", "status", "doctor"} <= set(COMMANDS)


def test_no_module_is_called_utils_or_helpers() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert [named(path) for path in MODULES if {path.stem, path.parent.name} & vague] == []


def test_modules_are_short() -> None:
    long = {
        named(path): length
        for path in MODULES
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert {name: length for name, length in long.items() if name not in MAY_BE_LONGER} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        named(path)
        for path in MODULES
        if path.read_text(encoding="utf-8").strip()
        and "migrations" not in path.parts
        and path.name != "apps.py"
        and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_there_are_no_signals() -> None:
    receiving = re.compile(r"django\.(db\.models|dispatch|core)[\w.]* import .*(signals|receiver)")
    found = [named(path) for path in MODULES if receiving.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_models_do_no_work_when_saved() -> None:
    saving = [
        named(path)
        for path in MODULES
        if path.parent.name == "models"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert saving == []


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    late = {
        named(path)
        for path in MODULES
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in {"digest", "newsletter"}
    }
    assert late - MAY_IMPORT_LATE == set()


def test_all_errors_are_caught_only_at_the_top_of_a_command() -> None:
    catching = {
        named(path)
        for path in MODULES
        if path.parent.name != "commands"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
    }
    assert catching - MAY_CATCH_ALL == set()


def _catches_all(handler: ast.ExceptHandler) -> bool:
    """Without raising it again."""
    everything = handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}
    last = handler.body[-1]
    return everything and not (isinstance(last, ast.Raise) and last.exc is None)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_stands_in_the_operators_manual(command: str) -> None:
    assert re.search(rf"`(manage\.py )?{command}\b", _MANUAL)


def test_requirements_are_pinned_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-local-llm.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        for line in lines:
            assert re.fullmatch(r"#.*|-r requirements\.txt|[\w.\[\]-]+==[\w.]+", line), line


def test_no_lock_file_with_addresses_is_kept() -> None:
    kept = {path.name for path in files()}
    assert kept.isdisjoint({"uv.lock", "poetry.lock", "package-lock.json", "yarn.lock"})
