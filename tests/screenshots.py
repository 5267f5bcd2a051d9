"""What do the pages look like? `python -m tests.screenshots OUT_DIR [--all] [WORD]` photographs them with the
demo.

The main pages for the README, or with --all every page of docs/access.csv; WORD keeps those whose name holds
it. Each at 360 px and 1280 px, on a database of its own that is thrown away.
"""

import argparse
import logging
import os
import re
from pathlib import Path

WIDTHS = (360, 1280)
HEIGHT = 800


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("word", nargs="?", default="")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    logging.disable(logging.CRITICAL)
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    from tests.typing_time import forms_sent_at_once

    try:
        with forms_sent_at_once():
            pages = [page for page in gather(everything=asked.all) if asked.word in page.name]
    finally:
        teardown_databases(old, verbosity=0)
    photograph(pages, folder=asked.folder)
    print(f"{len(pages)} pages in {asked.folder}")


def gather(*, everything: bool) -> list:
    from django.utils import timezone

    from config.demo.seed import plant_demo

    plant_demo(now=timezone.now())
    world = demo_world()
    pages = [*main_pages(world), *(desk_pages(world) if everything else [])]
    if everything:
        from tests.house.pages import ERRORS, Shown, render_to_string

        pages += [
            Shown(f"error-{code}", "/", int(code[:3]), render_to_string(f"errors/{code}.html"))
            for code in ERRORS
        ]
    return pages


def main_pages(world):
    """The pages that the README shows, in the order of the story."""
    from django.test import Client

    from events.models import Event
    from tests.house.pages import ADA, registration_steps

    public = Client()
    for name, path in (
        ("home", "/"),
        ("event", "/e/showcase-2/"),
        ("event-on-now", "/e/cornerstone-2026/"),
        ("group", "/e/showcase-2/group/"),
        ("find", "/find/"),
        ("sign-in", "/account/login/"),
        ("door", "/door/"),
        ("privacy", "/privacy/"),
        ("help", "/help/"),
        ("accessibility", "/accessibility/"),
    ):
        yield from shown(name, public.get(path))
    event = Event.objects.get(slug="showcase-2")
    for age, word in (("17", "register"), ("14", "register-guardian")):
        for step, response in registration_steps(event, Client(), age, ANSWERS[age] | ADA):
            yield from shown(f"{word}-{step}", response)
    organiser = signed_in(world, "organiser")
    for name, path in (
        ("desk", "/desk/"),
        ("editions", "/desk/events/"),
        ("bookings", "/desk/bookings/"),
        ("venues", "/desk/venues/"),
        ("reach", "/desk/reach/"),
        ("reach-target", "/desk/reach/showcase-reach/"),
    ):
        yield from shown(name, organiser.get(path))


ANSWERS = {
    "17": {"emergency_contact_name": "Em Example", "emergency_contact_phone": "01632 960 010"},
    "14": {"guardian_name": "Gail Guardian", "guardian_email": "gail@example.org"},
}


def desk_pages(world):
    """Every page of the desk that an organiser may open."""
    from tests.house.access import path_for, table

    client = signed_in(world, "organiser")
    for (address, method), row in table().items():
        if method == "GET" and address.startswith("/desk/") and row["organiser"] == "allow":
            try:
                path = path_for(world, "organiser", address)
            except LookupError as fault:
                print(fault)
                continue
            name = re.sub(r"[<>]", "", address.strip("/")).replace("/", "_")
            yield from shown(name, client.get(path))
    for path in ("/account/2fa/", "/account/sessions/", "/account/logout/"):
        yield from shown(path.strip("/").replace("/", "_"), client.get(path))


def demo_world():
    """What the parameters of addresses stand for in the demo."""
    from accounts.models import User
    from door.models import CheckIn
    from events.models import Booking, Exhibitor, Layout, Session, Space, Venue
    from reporting.models import PublishedReport
    from tests.house.access import World
    from tickets.models import Registration

    world = World(users={"organiser": User.objects.get(email="organiser@example.org")})
    session = Session.objects.filter(event__slug="showcase-2").first()
    exhibitor = Exhibitor.objects.filter(event__slug="showcase-2").first()
    registration = Registration.objects.filter(event__slug="showcase-2").first()
    booking = Booking.objects.order_by("-starts_at").first()
    world.arguments = {
        "/desk/reach/|slug": "showcase-reach",
        "/desk/venues/|slug": Venue.objects.get(slug="baltic-creative").slug,
        "/desk/spaces/|slug": Space.objects.filter(venue__slug="baltic-creative").first().slug,
        "/desk/door/|slug": "cornerstone-2026",
        "slug": "showcase-2",
        "session": session.slug if session else "none",
        "exhibitor": exhibitor.slug if exhibitor else "none",
        "reference": registration.reference,
        "number": getattr(PublishedReport.objects.first(), "number", 1),
        "pk": booking.pk,
        "space": Space.objects.filter(venue__slug="baltic-creative").first().slug,
        "layout": Layout.objects.filter(space__venue__slug="baltic-creative").first().slug,
        "gate": "main",
        "scan_id": CheckIn.objects.first().pk,
    }
    world.serials = {"owner": registration.tickets.first().serial}
    world.secrets = {"code": "none"}
    return world


def signed_in(world, role: str):
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(world.users[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def shown(name: str, response):
    from tests.house.pages import Shown

    if response.headers.get("Content-Type", "").startswith("text/html"):
        path = response.wsgi_request.path
        yield Shown(name, path, response.status_code, response.content.decode())


def photograph(pages, *, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser.door_phone import QUIET_FLAGS, chromium_path
    from tests.browser.stage import Stage

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET_FLAGS)
        for width in WIDTHS:
            stage = Stage(browser, viewport={"width": width, "height": HEIGHT}, locale="en-GB")
            for page in pages:
                stage.show(page)
                stage.page.screenshot(path=folder / f"{page.name}-{width}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
