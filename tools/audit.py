"""Has anything we ship a hole that others know of? `make audit` asks the advisory services of PyPI and npm.

Ends with 0 where nothing is known, 1 where something is, and 2 where a service could not be asked: then
nothing is known, which is not the same as nothing being there.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLEAN, HOLES, NOT_ASKED = 0, 1, 2
PYTHON = [
    *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"),
    *("-r", "requirements/base.txt", "--format", "json", "--timeout", "15", "--progress-spinner", "off"),
]
BROWSER = ["npm", "audit", "--omit=dev", "--json"]


def python_words(answer: str) -> tuple[int, list[str]]:
    """What pip-audit's JSON says: an outcome, and lines for people.

    It ends well where it could ask about nothing at all; that is not well.
    """
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        return NOT_ASKED, ["Python packages: the advisory service could not be reached. Nothing is known."]
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none'}"
        for one in packages
        for hole in one.get("vulns", [])
    ]
    unasked = [one["name"] for one in packages if "skip_reason" in one]
    if unasked:
        holes.append(
            f"Python packages: the advisory service knew nothing of {len(unasked)} of {len(packages)}. "
            "Of these nothing is known."
        )
    if any("vulns" in one and one["vulns"] for one in packages):
        return HOLES, holes
    return (NOT_ASKED, holes) if unasked else (CLEAN, [f"Python packages: {len(packages)}, no known hole."])


def browser_words(answer: str) -> tuple[int, list[str]]:
    """What npm's JSON says."""
    try:
        found = json.loads(answer)["vulnerabilities"]
    except (ValueError, KeyError):
        return NOT_ASKED, ["Browser parts: the advisory service could not be reached. Nothing is known."]
    if found:
        return HOLES, [f"{name}: {one['severity']}" for name, one in found.items()]
    return CLEAN, ["Browser parts: no known hole."]


def main() -> int:
    outcomes = []
    for command, words in ((PYTHON, python_words), (BROWSER, browser_words)):
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
        outcome, lines = words(answer)
        outcomes.append(outcome)
        print("\n".join(lines))
    return HOLES if HOLES in outcomes else max(outcomes)


if __name__ == "__main__":
    sys.exit(main())
