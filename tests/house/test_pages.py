"""Is every page valid, light, plain to read and self-contained?"""

import gzip
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pyphen
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.house.pages import ADA, Shown, registration_steps

# django_db also for those that only read: without it no test database is made.
pytestmark = [pytest.mark.django_db, pytest.mark.thorough, pytest.mark.usefixtures("quick_forms")]
ROOT = Path(__file__).resolve().parents[2]
FIRST_FLIGHT = 14 * 1024  # bytes, compressed: page and CSS
JOURNEY = 60 * 1024  # bytes, compressed: everything until the ticket stands on the screen
GRADE = 6.0  # Flesch-Kincaid, syllables by hyphenation points
HYPHENS = pyphen.Pyphen(lang="en_US")
SENTENCE = 25  # words
# Drawn by tests of their own, or pieces of allauth that no page of ours uses.
SHOWN_ELSEWHERE = {
    "429.html",
    "api/docs.html",
    *(f"allauth/elements/{piece}.html" for piece in ("button_group", "hr", "panel", "table")),
}
BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "li",
    "dt",
    "dd",
    "label",
    "legend",
    "td",
    "th",
    "button",
    "summary",
    "div",
    "a",
}


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=6))


def stylesheets(html: str) -> list[str]:
    return re.findall(r'rel="stylesheet" href="/static/([^"]+)"', html)


def weight(page_html: str) -> int:
    """Bytes of the page and its CSS, each compressed by itself, as the server sends them."""
    css = sum(compressed(Path(finders.find(name)).read_bytes()) for name in stylesheets(page_html))
    return compressed(page_html.encode()) + css


def test_no_page_is_broken(pages):
    assert len(pages) > 60
    assert [page.name for page in pages if page.status >= 500 and not page.is_error] == []


def test_every_page_template_is_shown_in_some_state(pages):
    """What no page shows is looked at by none of the tests below."""
    folder = ROOT / "templates"
    known = {str(file.relative_to(folder)) for file in folder.rglob("*.html")}
    shown = {name for page in pages for name in page.templates}
    errors = {name for name in known if name.startswith("errors/")}  # drawn by themselves
    elsewhere = {name for name in known if "/mail/" in name or "print" in name} | SHOWN_ELSEWHERE

    assert sorted(known - shown - errors - elsewhere) == []
    assert sorted(SHOWN_ELSEWHERE & shown) == []


def test_html_is_valid(pages, tmp_path):
    names = {}
    for number, page in enumerate(pages):
        file = tmp_path / f"{number:03}.html"
        file.write_text(page.html, encoding="utf-8")
        names[str(file)] = page.name
    checker = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
    rules = ROOT / "tests/house/html-validate.json"

    with (tmp_path / "found.json").open("w+", encoding="utf-8") as answer:  # a pipe would be cut at exit
        subprocess.run(
            ["node", checker, "--config", rules, "--formatter", "json", *names], stdout=answer, check=False
        )
        answer.seek(0)
        reports = json.load(answer)

    found = {
        f"{names[report['filePath']]}: {fault['ruleId']}: {fault['message']} (line {fault['line']})"
        for report in reports
        for fault in report["messages"]
    }
    assert found == set()


class Markup(HTMLParser):
    """Notes what runs, styles or loads, and whence."""

    def __init__(self):
        super().__init__()
        self.inline: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.inline += [f"{tag} {name}" for name in attrs if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in attrs and "json" not in attrs.get("type", "")):
            self.inline.append(tag)
        if tag in {"img", "script", "iframe", "source", "video", "audio", "embed"} and "src" in attrs:
            self.loaded.append(attrs["src"])
        if tag == "link" and attrs.get("rel") not in {"canonical", "alternate"}:
            self.loaded.append(attrs["href"])
        if tag == "form" and "action" in attrs:
            self.loaded.append(attrs["action"])


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages):
    found = {}
    for page in pages:
        markup = Markup()
        markup.feed(page.html)
        elsewhere = [address for address in markup.loaded if urlsplit(address).netloc]
        if markup.inline or elsewhere:
            found[page.name] = [*markup.inline, *elsewhere]

    assert found == {}


def test_css_loads_nothing_from_elsewhere():
    for sheet in (ROOT / "static").rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "!important" not in text or sheet.parent.name == "door", sheet.name
        assert [url for url in re.findall(r"url\(([^)]*)\)", text) if "//" in url] == []
        assert "@import" not in text


def test_public_pages_fit_into_the_first_flight(pages):
    heavy = {page.name: weight(page.html) for page in pages if page.is_public}

    assert heavy
    assert {name: size for name, size in heavy.items() if size > FIRST_FLIGHT} == {}


def test_the_whole_journey_is_four_light_pages(db):
    event = factories.make_event("journey", starts_at=timezone.now() + timezone.timedelta(days=7))
    steps = dict(registration_steps(event, Client(), "19", ADA))
    html = [response.content.decode() for response in steps.values()]
    once = {name for page in html for name in stylesheets(page)}
    once |= {"fonts/display.woff2", "img/mark.svg"}

    total = sum(compressed(page.encode()) for page in html)
    total += sum(compressed(Path(finders.find(name)).read_bytes()) for name in once)

    assert "You are in." in html[-1]
    assert len(html) == 4
    assert total <= JOURNEY


class Words(HTMLParser):
    """The running text of main, a sentence to a block."""

    def __init__(self):
        super().__init__()
        self.blocks: list[str] = [""]
        self.depth = self.hidden = 0

    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self.depth = 1
        if tag in {"script", "style", "svg", "textarea"}:
            self.hidden += 1
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag):
        if tag == "main":
            self.depth = 0
        if tag in {"script", "style", "svg", "textarea"}:
            self.hidden -= 1
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data):
        if self.depth and not self.hidden:
            self.blocks[-1] += data


def sentences(html: str) -> list[str]:
    words = Words()
    words.feed(html)
    blocks = (re.sub(r"\s+", " ", block).strip() for block in words.blocks)
    return [one for block in blocks for one in re.split(r"(?<=[.!?:])\s+", block) if len(one.split()) > 2]


def reading(page: Shown) -> tuple[float, int]:
    """Grade, and the words of the longest sentence."""
    found = [re.findall(r"[\w'’-]+", one) for one in sentences(page.html)]
    words = [word for one in found for word in one]
    longest = max(map(len, found), default=0)
    if len(words) < 30:
        return 0.0, longest
    syllables = sum(len(HYPHENS.positions(word)) + 1 for word in words)
    return round(0.39 * len(words) / len(found) + 11.8 * syllables / len(words) - 15.59, 1), longest


def test_public_pages_read_at_grade_six(pages):
    hard = {page.name: reading(page) for page in pages if page.is_public}

    assert {name: both for name, both in hard.items() if both[0] > GRADE or both[1] > SENTENCE} == {}


def test_each_page_has_one_heading_and_says_when_there_is_an_error(pages):
    wrong = {}
    for page in pages:
        headings = len(re.findall(r"<h1[ >]", page.html))
        has_summary = "There is a problem" in page.html
        says_so = re.search(r"<title>\s*Error:\s", page.html) is not None
        if headings != 1 or has_summary != says_so:
            wrong[page.name] = {"h1": headings, "summary": has_summary, "title says error": says_so}

    assert wrong == {}
