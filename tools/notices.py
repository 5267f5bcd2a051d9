"""Whose work do we ship, and under which licence? `make notices` writes NOTICES.md.

Python packages by the lock and their own metadata, browser parts by package-lock.json, what the image
installs by the table here.
"""

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Of Debian, in the image; a test holds that this table and the Dockerfile name the same.
SYSTEM = {
    "libpango-1.0-0": "LGPL-2.0-or-later",
    "libpangoft2-1.0-0": "LGPL-2.0-or-later",
    "libharfbuzz-subset0": "MIT",
    "fonts-dejavu-core": "Bitstream Vera and public domain",
    "fonts-noto-core": "OFL-1.1",
    "fonts-noto-cjk": "OFL-1.1",
}
FACES = {"Bricolage Grotesque": "OFL-1.1, its text stands beside it"}
CLASSIFIERS = {
    "BSD License": "BSD",
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "Other/Proprietary License": "",
}
# Where a package's list means a choice, or says less than its licence file.
READ = {
    "pyphen": "GPL-2.0-or-later, LGPL-2.1-or-later or MPL-1.1: we use it under the LGPL",
    "fido2": "BSD-2-Clause, with parts under Apache-2.0 and MPL-2.0",
    "dj-email-url": "BSD-2-Clause",
}
LONGEST = 40  # characters of a licence field that is a name and not the text


def notices() -> str:
    lines = [
        "# Whose work this is made with",
        "",
        "Written by `make notices` from what is installed; each package carries its licence text with it.",
        "Nothing here is changed by us. The libraries under the LGPL (psycopg, Pyphen, Pango) are used as",
        "libraries, and may be replaced by another version.",
        "",
        "## Python packages",
        "",
        *_table(python_packages()),
        "",
        "## Browser parts",
        "",
        *_table(browser_parts()),
        "",
        "## Of Debian, in the image",
        "",
        *_table(SYSTEM),
        "",
        "## Typefaces, in static/fonts",
        "",
        *_table(FACES),
        "",
        "## Figures and places",
        "",
        "Population: Office for National Statistics, mid-2024 estimates. Postcode areas: ONS Postcode",
        "Directory. Both under the Open Government Licence v3.0: contains National Statistics and Royal Mail",
        "data, Crown copyright and database right.",
        "",
    ]
    return "\n".join(lines)


def python_packages() -> dict[str, str]:
    """Each locked package that is installed here, and its licence. Those of other systems are not shipped."""
    locked = re.findall(
        r"^([a-z][a-z0-9-]+)(?:\[[a-z,-]+\])?==", _read("requirements/base.txt"), re.MULTILINE
    )
    found = {}
    for name in locked:
        try:
            found[name] = READ.get(name) or _licence(name)
        except PackageNotFoundError:
            continue
    return found


def browser_parts() -> dict[str, str]:
    packages = json.loads(_read("package-lock.json"))["packages"]
    return {
        path.removeprefix("node_modules/"): one["license"]
        for path, one in packages.items()
        if path and not one.get("dev")
    }


def _licence(name: str) -> str:
    metadata = distribution(name).metadata
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    said = (metadata.get("License") or "").strip()
    if said and len(said) <= LONGEST:
        return said
    classifiers = [
        one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier", []) if "License" in one
    ]
    named = [CLASSIFIERS[one] for one in classifiers if CLASSIFIERS[one]]
    return " or ".join(named) or _first_line_of_the_text(name)


def _first_line_of_the_text(name: str) -> str:
    files = distribution(name).files or []
    text = next(file.read_text() for file in files if "LICEN" in file.name.upper())
    return next(line.strip() for line in text.splitlines() if line.strip())


def _table(rows: dict[str, str]) -> list[str]:
    return ["| What | Licence |", "|---|---|", *(f"| {name} | {licence} |" for name, licence in rows.items())]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    (ROOT / "NOTICES.md").write_text(notices(), encoding="utf-8")
