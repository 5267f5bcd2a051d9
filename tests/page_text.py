"""How does a page read?

With white space as a browser shows it, so that no test hangs on how a template is laid out.
"""

from django.http import HttpResponse


def page_text(page: HttpResponse | str) -> str:
    """The HTML of a page with every run of white space as one space,
    and none where an element begins or ends."""
    html = page if isinstance(page, str) else page.content.decode()
    return " ".join(html.split()).replace("> ", ">").replace(" <", "<")
