"""Is the repository one that a stranger can take:
no hosts, no paths of a machine, documents that are true?"""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
TEXT = {
    ".py",
    ".md",
    ".txt",
    ".toml",
    ".json",
    ".yml",
    ".yaml",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".csv",
    ".svg",
    "",
}
# Spelt in two parts, so that this file does not find itself.
REGISTRIES = re.compile(
    "pypi" + r"\.org|python" + r"hosted|npm" + r"js\.|deb" + r"\.debian|registry\." + "npm", re.I
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|farm)" + r"/|/" + r"root/|/home" + r"/[a-z]")
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/*.md"),
]


def tracked() -> list[Path]:
    """What git tracks, as it stands in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.suffix in TEXT and path.is_file()]


def test_nothing_names_a_registry_or_a_path_of_some_machine():
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        if REGISTRIES.search(text) or MACHINE.search(text):
            found.append(str(path.relative_to(ROOT)))

    assert found == []


@pytest.mark.parametrize("lock", ["base.txt", "dev.txt", "node.txt"])
def test_locks_pin_and_hash_every_package_and_name_no_host(lock):
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")

    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text)
    packages = [entry for entry in entries if re.match(r"[a-z0-9]", entry, re.I)]
    assert packages
    assert all("==" in entry and "--hash=sha256:" in entry for entry in packages)


def test_the_lock_of_the_browser_parts_holds_hashes_and_no_download_addresses():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in text
    assert text.count('"integrity"') >= 3


def test_every_dependency_is_in_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements/base.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.M))

    named = {re.match(r"[A-Za-z0-9-]+", entry)[0].lower() for entry in project["dependencies"]}

    assert named <= locked


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_the_documents_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")

    broken = [
        link
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text)
        if "://" not in link and not (document.parent / link).exists()
    ]

    assert broken == []


def test_the_map_names_files_that_are_there():
    text = (ROOT / "docs/map.md").read_text(encoding="utf-8")

    named = re.findall(
        r"`((?:accounts|config|desk|door|events|foundation|outbox|people|plan|printing|reporting|static|tests|tickets)/[\w/.-]+)`",
        text,
    )

    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_commands_of_the_readme_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Commands")[2].partition("## Settings")[0]

    named = set(re.findall(r"manage\.py (\w+)", text)) | set(
        re.findall(r"^\| `(\w+)(?: [^`]*)?` \| ", section, re.M)
    )

    known = set(get_commands())
    assert named <= known
