"""Somebody at a browser without JavaScript:
reads pages, fills in their forms as they stand, presses buttons."""

from html.parser import HTMLParser

from django.test import Client


class Visitor:
    """Keeps cookies and the last page; forms carry their hidden fields and csrf token by themselves."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.page = None
        self.path = ""

    @property
    def text(self) -> str:
        return " ".join(self.page.content.decode().split())

    def open(self, path: str, status: int = 200) -> "Visitor":
        self.page, self.path = self.client.get(path), path
        return self._follow(status)

    def press(self, button: str, status: int = 200, **answers) -> "Visitor":
        """Press the button with these words, having filled in its form. _ in a name stands for itself."""
        form = next((form for form in self._forms() if button in form.buttons), None)
        assert form is not None, f"no button {button!r} among {[one.buttons for one in self._forms()]}"
        unknown = set(answers) - form.names
        assert not unknown, f"the form asks {sorted(form.names)}, not {sorted(unknown)}"
        sent = form.fields | form.buttons[button] | answers
        target = form.action or self.path
        self.page = self.client.post(target, sent) if form.posts else self.client.get(target, sent)
        self.path = target
        return self._follow(status)

    def _follow(self, status: int) -> "Visitor":
        while self.page.status_code in {301, 302, 303}:
            self.path = self.page["Location"]
            self.page = self.client.get(self.path)
        assert self.page.status_code == status, (self.path, self.page.status_code, self.text[-2000:])
        return self

    def _forms(self) -> list["Form"]:
        reader = _FormReader()
        reader.feed(self.page.content.decode())
        return reader.forms


class Form:
    def __init__(self, attributes: dict) -> None:
        self.action = attributes.get("action") or ""
        self.posts = (attributes.get("method") or "get").lower() == "post"
        self.fields: dict = {}
        self.names: set[str] = set()
        self.buttons: dict[str, dict] = {}


class _FormReader(HTMLParser):
    """What a browser would send of each form, untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select: str | None = None
        self.writing: tuple[str, str] | None = None  # ("textarea", name) or ("button", name)
        self.button: dict = {}
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.form = Form(given)
            self.forms.append(self.form)
        if self.form is None:
            return
        if tag in {"input", "select", "textarea"} and name:
            self.form.names.add(name)
        if tag == "input":
            self._input(given, name)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in given or self.select not in self.form.fields:
                self.form.fields[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.writing, self.words = ("textarea", name), []
        elif tag == "button" and given.get("type", "submit") == "submit":
            self.writing, self.words = ("button", name), []
            self.button = {name: given.get("value", "")} if name else {}

    def handle_endtag(self, tag):
        if self.form is None:
            return
        if tag == "select":
            self.select = None
        elif self.writing and tag == self.writing[0]:
            words = " ".join("".join(self.words).split())
            if tag == "textarea":
                self.form.fields[self.writing[1]] = words
            else:
                self.form.buttons[words] = self.button
            self.writing = None
        elif tag == "form":
            self.form = None

    def handle_data(self, data):
        self.words.append(data)

    def _input(self, given: dict, name: str) -> None:
        kind = given.get("type", "text")
        if kind in {"checkbox", "radio"}:
            if "checked" in given and name:
                self.form.fields[name] = given.get("value", "on")
        elif kind == "submit":
            self.form.buttons[given.get("value", "")] = {name: given.get("value", "")} if name else {}
        elif name:
            self.form.fields[name] = given.get("value") or ""
