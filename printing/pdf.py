"""How does HTML become a PDF? Here, and nowhere else: WeasyPrint behind one door.

The fetcher reads files below the static and font folders, and data: addresses; nothing else is
opened, no address of the network, no redirect. What is asked for beyond that is left out.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from printing.printer import is_waited_for, print_beside

ROOTS = (settings.BASE_DIR / "static", settings.STATIC_ROOT)
FONTS = settings.BASE_DIR / "static" / "fonts"
_of_thread = threading.local()


def render_pdf(*, html: str, attachments: Sequence[tuple[str, str, str]] = ()) -> bytes:
    """A tagged PDF/UA-1 of the HTML. attachments: (file name, description, text), embedded as data.

    :raises PrinterBusy: in a request, where as many as may wait for a PDF do
    """
    work = print_beside if is_waited_for() else _here
    return work(_pdf_of, html, tuple(attachments))


def _here(work: Callable[..., bytes], *arguments) -> bytes:
    return work(*arguments)


def _pdf_of(html: str, attachments: Sequence[tuple[str, str, str]]) -> bytes:
    import weasyprint

    files = [
        weasyprint.Attachment(string=text, name=name, description=description, relationship="Data")
        for name, description, text in attachments
    ]
    document = weasyprint.HTML(string=html, base_url=FONTS.as_uri() + "/", url_fetcher=_fetcher())
    return document.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
        attachments=files or None,
        font_config=_fonts(),
        presentational_hints=False,
        finisher=_finish,
    )


def render_pdf_in_parts(*, parts: Iterable[str], after_part: Callable[[int], None]) -> bytes:
    """One tagged PDF/UA-1 of many HTML documents, the first of which gives it its title.

    after_part is called with the number of pages laid out so far: what takes long can say how far it is.
    """
    import weasyprint

    fonts = _fonts()
    first, pages = None, []
    for html in parts:
        document = weasyprint.HTML(string=html, base_url=FONTS.as_uri() + "/", url_fetcher=_fetcher())
        laid_out = document.render(font_config=fonts, presentational_hints=False)
        first = first or laid_out
        pages += laid_out.pages
        after_part(len(pages))
    if first is None:
        raise ValueError("a PDF has at least one part")
    return first.copy(pages).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, finisher=_finish)


def _finish(document, pdf) -> None:
    _scope_headers(pdf)
    _call_margins_artifacts(pdf)


def _call_margins_artifacts(pdf) -> None:
    """Say of what stands in a page's margin that it is no content, so that no reader repeats it on every
    page.

    WeasyPrint marks it as a span that belongs to nothing: an element that its parent does not know.
    """
    things = {thing.reference: thing for thing in pdf.objects if getattr(thing, "get", None)}
    marks = {reference: thing for reference, thing in things.items() if thing.get("Type") == "/StructElem"}
    streams = {thing.reference: thing for thing in pdf.objects if hasattr(thing, "stream")}
    (root,) = (thing for thing in things.values() if thing.get("Type") == "/StructTreeRoot")
    numbers = things[root["ParentTree"]]["Nums"]
    of_page = dict(zip(numbers[::2], numbers[1::2], strict=True))

    def belongs(reference: bytes) -> bool:
        while reference in marks:
            parent = marks[reference]["P"]
            if parent in marks and reference not in marks[parent]["K"]:
                return False
            reference = parent
        return True

    for page in things.values():
        if page.get("Type") != "/Page" or "StructParents" not in page:
            continue
        elements = of_page[page["StructParents"]]
        detached = {place for place, reference in enumerate(elements) if not belongs(reference)}
        operations = streams[page["Contents"]].stream
        for at, operation in enumerate(operations):
            if operation == b"BDC" and operations[at - 1].get("MCID") in detached:
                operations[at - 2 : at] = [b"/Artifact", type(page)({"Type": "/Pagination"})]
        for place in detached:
            elements[place] = b"null"


def _scope_headers(pdf) -> None:
    """Say of each header cell whether it heads a column or a row;
    WeasyPrint names headers from data cells only."""
    marks = {
        thing.reference: thing for thing in pdf.objects if getattr(thing, "get", None) and thing.get("S")
    }
    for mark in marks.values():
        if mark["S"] == "/TH" and "Scope" not in mark["A"]:
            row = marks.get(mark["P"])
            head = marks.get(row["P"]) if row else None
            in_head = head is not None and head["S"] == "/THead"
            mark["A"]["Scope"] = "/Column" if in_head else "/Row"


def may_be_read(address: str) -> bool:
    """True for data: addresses and for files below the static and font folders."""
    parts = urlsplit(address)
    if parts.scheme == "data":
        return True
    if parts.scheme != "file" or parts.netloc:
        return False
    path = Path(unquote(parts.path)).resolve()
    return any(path.is_relative_to(root.resolve()) for root in ROOTS)


def _fonts():
    """One for each thread: Pango gives a quarter of a megabyte of each new one never back."""
    from weasyprint.text.fonts import FontConfiguration

    if not hasattr(_of_thread, "fonts"):
        _of_thread.fonts = FontConfiguration()
    return _of_thread.fonts


def _fetcher():
    from weasyprint.urls import URLFetcher

    class LockedFetcher(URLFetcher):
        def fetch(self, url, headers=None):
            if not may_be_read(url):
                raise ValueError("this address may not be read")
            return super().fetch(url, headers)

    return LockedFetcher(allowed_protocols={"file", "data"}, allow_redirects=False)
