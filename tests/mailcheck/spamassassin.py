"""SpamAssassin, by its own rules alone: no network, nothing learnt, no rules of the site's user."""

from __future__ import annotations

import re
import shutil
import subprocess

from tests.mailcheck.judging import Letter, Missing, Verdict

LIMIT = 0.5
# -L: no look-ups; -x: no preferences of this user; -t: say which rules hit.
_COMMAND = ("-L", "-x", "-t", "--cf=use_bayes 0", "--cf=dns_available no")
_SCORE = re.compile(r"^Content analysis details:\s+\((-?[\d.]+) points", re.MULTILINE)
_RULE = re.compile(r"^\s*(-?\d+(?:\.\d)?) ([A-Z0-9_]{3,})", re.MULTILINE)


def judge(letters: list[Letter]) -> Verdict:
    program = shutil.which("spamassassin")
    if program is None:
        raise Missing("apt-get install --no-install-recommends spamassassin")
    verdict = Verdict()
    for letter in letters:
        ran = subprocess.run(
            [program, *_COMMAND], input=letter.kept.read_bytes(), capture_output=True, timeout=120
        )
        report = ran.stdout.decode("utf-8", "replace")
        found = _SCORE.search(report)
        if found is None:
            said = ran.stderr.decode("utf-8", "replace").strip()[-300:]
            verdict.say(letter.name, "?", f"spamassassin gave no score: {said}")
            continue
        hits = _RULE.findall(report[found.end() :])
        rules = dict.fromkeys(f"{rule} {points}" for points, rule in hits)
        is_over = float(found[1]) >= LIMIT
        verdict.say(letter.name, found[1], f"{found[1]}: {', '.join(rules)}" if is_over else "")
    return verdict
