"""What Node's programs say: MJML's strict reading, html-validate and caniemail.

They lie in the folder that NODE_TOOLS names, or in this one; package.json beside this file names
their versions.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.mailcheck.judging import Known, Letter, Missing, Verdict

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SUPPORT = HERE / "caniemail.json"


def _folder(package: str) -> Path:
    """Where node_modules lies that holds the package."""
    folder = Path(os.environ.get("NODE_TOOLS") or ROOT).resolve()
    if shutil.which("node") is None:
        raise Missing("Node.js 20 or newer is needed first: apt-get install nodejs npm")
    if not (folder / "node_modules" / package).is_dir():
        raise Missing(
            "mkdir -p var/node && cp tests/mailcheck/package.json var/node/ && npm install "
            "--prefix var/node --no-package-lock, then make mailcheck NODE_TOOLS=var/node"
        )
    return folder


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    # Into a file, for a program that ends itself has not always emptied its pipe.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        ran = subprocess.run(
            [*map(str, command)], stdout=said, stderr=subprocess.PIPE, text=True, timeout=180
        )
        said.seek(0)
        ran.stdout = said.read()
    return ran


def mjml() -> list[str]:
    """What the reference reader of MJML does not accept of our templates, a line each."""
    program = _folder("mjml") / "node_modules" / ".bin" / "mjml"
    over = []
    for template in sorted((ROOT / "templates" / "emails").glob("*.mjml")):
        ran = _run(program, template, "-o", os.devnull, "--config.validationLevel=strict")
        said = " ".join((ran.stderr or ran.stdout).split())
        if ran.returncode or said:
            over.append(f"{template.name}: {said[:400] or ran.returncode}")
    return over


def html_validate(letters: list[Letter], known: Known) -> Verdict:
    """Its recommended rules, less those that are broken on purpose."""
    program = _folder("html-validate") / "node_modules" / ".bin" / "html-validate"
    files = [letter.html for letter in letters]
    ran = _run(program, "-c", HERE / "htmlvalidate.json", "-f", "json", *files)
    try:
        pages = json.loads(ran.stdout)
    except ValueError as error:
        raise RuntimeError(f"html-validate: {ran.stderr[-300:]}") from error
    found: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        for message in page["messages"]:
            if message["ruleId"] not in known["html-validate"]:
                where = f"{message['ruleId']} (line {message['line']}): {message['message']}"
                found[Path(page["filePath"]).stem].append(where)
    verdict = Verdict()
    for letter in letters:
        new = found[letter.name]
        verdict.say(letter.name, str(len(new)), "; ".join(new) if new else "")
    return verdict


def caniemail(letters: list[Letter]) -> Verdict:
    """What mail programs do not support and is not yet recorded; see ``record``."""
    recorded = {
        kind: {name: set(programs.split()) for name, programs in features.items()}
        for kind, features in json.loads(SUPPORT.read_text(encoding="utf-8")).items()
    }
    verdict = Verdict()
    for name, kinds in _support(letters).items():
        new = [
            f"{feature} ({kind}): {', '.join(sorted(lacking))}"
            for kind, features in kinds.items()
            for feature, programs in features.items()
            if (lacking := set(programs) - recorded.get(kind, {}).get(feature, set()))
        ]
        verdict.say(name, str(len(new)), "; ".join(new) if new else "")
    return verdict


def record(letters: list[Letter]) -> None:
    """Write down all that is not supported now, as known and accepted."""
    together: dict[str, dict[str, set[str]]] = {
        "none": defaultdict(set),
        "partly": defaultdict(set),
    }
    for kinds in _support(letters).values():
        for kind, features in kinds.items():
            for feature, programs in features.items():
                together[kind][feature].update(programs)
    text = {
        kind: {name: " ".join(sorted(lacking)) for name, lacking in sorted(features.items())}
        for kind, features in together.items()
    }
    SUPPORT.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")


def _support(letters: list[Letter]) -> dict[str, Any]:
    """By mail and kind (none, partly): feature to the programs that lack it."""
    folder = _folder("caniemail")
    ran = _run("node", HERE / "caniemail.mjs", folder, *(letter.html for letter in letters))
    if ran.returncode:
        raise RuntimeError(f"caniemail: {ran.stderr[-300:]}")
    said: dict[str, Any] = json.loads(ran.stdout)
    return {Path(file).stem: kinds for file, kinds in said.items()}
