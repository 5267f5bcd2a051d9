"""How does a gathered page come into a real browser, with nothing else around it?"""

from pathlib import Path

import axe_playwright_python
from django.contrib.staticfiles import finders

HERE = "http://events.test"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"""async () => {{
  const found = await axe.run(document, {{runOnly: {TAGS}}});
  const places = v => v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ');
  return found.violations.map(v => v.id + ': ' + places(v));
}}"""
MOVING = """document.getAnimations().length + [...document.querySelectorAll('*')].filter(
  e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"""
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class Stage:
    """A page of the browser that gets exactly what was gathered, and our own static files; nothing else."""

    def __init__(self, browser, **screen):
        self.context = browser.new_context(**screen)
        self.page = self.context.new_page()
        self.page.route("**/*", self._answer)

    def show(self, shown) -> None:
        self.html = shown.html
        self.page.goto(f"{HERE}{shown.path}", wait_until="load")

    def _answer(self, route) -> None:
        path = route.request.url.removeprefix(HERE).split("?")[0]
        if path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file, content_type=KINDS.get(Path(file).suffix, "application/octet-stream"))
        elif route.request.is_navigation_request():
            route.fulfill(status=200, body=self.html, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    def faults(self) -> list[str]:
        self.page.evaluate(AXE)
        return self.page.evaluate(RUN)

    def overflow(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def moving(self) -> int:
        return self.page.evaluate(MOVING)
