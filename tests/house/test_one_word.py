"""Does one word name one thing: a module, a public class, a word of the glossary?"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "accounts",
    "config",
    "desk",
    "door",
    "events",
    "foundation",
    "outbox",
    "people",
    "plan",
    "printing",
    "reporting",
    "tickets",
)
# What a file is, not what it is about.
ROLES = {
    "admin",
    "api",
    "apps",
    "exports",
    "forms",
    "messages",
    "models",
    "pdf",
    "rules",
    "serializers",
    "tasks",
    "urls",
    "views",
}
# The same thing, seen from two apps. May only shrink.
ONE_THING_IN_TWO_APPS = {
    "authentication",  # who calls the API: people by bearer token, phones by theirs
    "base",  # Django asks for this name of a database backend
    "events",  # the demo plants what the API tells
    "meetings",  # the demo plants them
    "places",  # the desk's page of the places that tickets counts
    "programme",  # the demo plants it
    "registrations",  # the desk's pages of what tickets keeps
    "webhook_events",  # what desk and reporting each tell webhooks
    "webhooks",  # the desk's pages of what the outbox keeps
}
# Two classes of one name. May only shrink.
SHARED_CLASSES = {
    "Command",  # Django asks for this name
}


def modules() -> Iterator[Path]:
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in file.parts and file.name != "__init__.py":
                yield file.relative_to(ROOT)


def test_a_module_name_means_one_thing():
    apps = defaultdict(set)
    for file in modules():
        apps[file.stem].add(file.parts[0])

    shared = {stem for stem, found in apps.items() if len(found) > 1} - ROLES

    assert shared == ONE_THING_IN_TWO_APPS


def test_a_class_name_means_one_thing():
    places = defaultdict(set)
    for file in modules():
        for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].add(str(file))

    assert {name for name, files in places.items() if len(files) > 1} == SHARED_CLASSES


def test_the_glossary_holds_words_that_the_code_uses():
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z][^|]*?) \|", glossary, flags=re.M)
    words = [word.casefold() for row in rows for word in row.split(", ") if row != "Word"]
    written = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in modules()).casefold()

    unused = [word for word in words if not re.search(rf"\b{re.sub('[ -]', '[ _-]', word)}", written)]

    assert len(words) > 40
    assert unused == []
