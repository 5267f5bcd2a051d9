"""Who may open which address? Tries each role at each address of the house and says what came of it.

docs/access.csv is the table; `python -m tests.house.access` prints a row for each address that is not
in it yet, filled in with what the house does today: read each cell, mend the house where it is wrong,
then add the row.
"""

import csv
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

DOCS = Path(__file__).resolve().parents[2] / "docs"
TABLE = DOCS / "access.csv"
FIELDS = DOCS / "access-fields.csv"
ROLES = (
    "public",
    "owner",
    "guardian",
    "group lead",
    "device",
    "supervisor's phone",
    "welfare's phone",
    "supervisor",
    "welfare",
    "venue",
    "organiser",
    "board",
    "administrator",
)
PHONES = ("supervisor's phone", "welfare's phone")  # paired, and unlocked by the PIN of the role
STAFF = ("supervisor", "welfare", "venue", "organiser", "board", "administrator")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Whole sets of another's addresses, tried by tests of their own.
SETS = {"account/": "accounts", "control/": "admin"}
# Where a right is asked after the shape: a body that can be read.
BODIES = {
    "/api/v1/contacts/": {"code": "A" * 26, "reason": "Feels ill"},
    "/api/v1/search/": {"name": "ada"},
    "/api/v1/walk-ins/": {
        "scan_id": "2f1b8a9c-0000-4000-8000-000000000001",
        "scanned_at": "2026-12-01T10:00:00Z",
        "name": "Wanda",
        "age": 19,
        "borough": "liverpool",
    },
}
FORMS = {
    "/desk/door/<slug>/roll-call/": "do=drill",
    "/desk/events/<slug>/staff/<uid>/presence/": "is_here=yes",
}
ANSWERS = {401: "401", 403: "403", 404: "404", 405: "405", 500: "broken"}


@dataclass
class World:
    """One of everything, and what each role holds: a secret, a token, or a signed-in session."""

    secrets: dict[str, str] = field(default_factory=dict)
    serials: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    users: dict[str, object] = field(default_factory=dict)
    # By the parameter's name, or by "route-prefix|name" where that differs.
    arguments: dict[str, object] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    # What must not be seen by everybody: words that stand nowhere else.
    canaries: dict[str, bytes] = field(default_factory=dict)


def addresses() -> list[str]:
    """Every route of the house, as /e/<slug>/register/."""
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def table() -> dict[tuple[str, str], dict[str, str]]:
    """(address, method) to role to what the role gets."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row.pop("address"), row.pop("method")): row for row in csv.DictReader(file)}


def field_table() -> set[tuple[str, str, str]]:
    """(field, address, role): where a page or call that is opened shows it."""
    with FIELDS.open(encoding="utf-8", newline="") as file:
        return {(row["field"], row["address"], row["role"]) for row in csv.DictReader(file)}


def fields_seen(world: World, role: str) -> set[tuple[str, str, str]]:
    """What is in the bytes of everything that the role may open by GET, hidden or not."""
    seen = set()
    for (address, method), row in table().items():
        if method == "GET" and row[role] == "allow":
            with transaction.atomic():
                body = ask(world, role, address, "GET").getvalue()
                transaction.set_rollback(True)
            seen |= {(name, address, role) for name, words in world.canaries.items() if words in body}
    return seen


def outcome(world: World, role: str, address: str, method: str) -> str:
    """allow, sign-in, 401, 403, 404, 405 or broken; what it changed is rolled back."""
    with transaction.atomic():
        answer = ask(world, role, address, method)
        transaction.set_rollback(True)
    where = answer.headers.get("Location", "")
    if answer.status_code in {301, 302} and ("/login/" in where):
        return "sign-in"
    return ANSWERS.get(answer.status_code, "allow")


def ask(world: World, role: str, address: str, method: str):
    client = world.clients[role]
    headers = {}
    if address.startswith("/api/") and role in world.tokens:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {world.tokens[role]}"
    body = json.dumps(BODIES[address]) if address in BODIES else FORMS.get(address, "")
    path = path_for(world, role, address)
    return client.generic(method, path, body, content_type=_content_type(address, method), **headers)


def path_for(world: World, role: str, address: str) -> str:
    def value(match: re.Match) -> str:
        name = match[1]
        if name == "secret":
            return _secret(world, role, address)
        if name == "serial":
            return str(world.serials.get(role, world.serials["owner"]))
        for key, held in world.arguments.items():
            prefix, _, of = key.rpartition("|")
            if of == name and address.startswith(prefix):
                return str(held)
        raise LookupError(f"say in tests/house/access.py (make_world) what <{name}> of {address} stands for")

    return re.sub(r"<(\w+)>", value, address)


def make_world() -> World:
    """One edition that is on, with a venue, a booking, registrations of each kind, a phone and a scan."""
    from door.domain.devices import make_gate
    from events.models import Exhibitor
    from reporting.domain.targets import plant_targets
    from tests import factories

    now = timezone.now()
    hall = factories.make_space("example-hall", capacity=300)
    showcase, cornerstone = factories.make_series(), factories.make_series("cornerstone", "Cornerstone event")
    plant_targets(showcase=showcase, cornerstone=cornerstone)
    event = factories.make_event("open-day", starts_at=now - timedelta(minutes=10), capacity=100)
    session = factories.make_session(event)
    exhibitor = Exhibitor.objects.create(event=event, slug="example-studio", name="Example Studio")
    world = World()
    _sign_in_staff(world, now)
    _hold_venue_rows(world, hall, now)
    ticket = factories.sign_up(event, "Ada Example", age=19, access_needs="A quiet space, please.")
    _hold_secrets(world, event, ticket)
    gate = make_gate(event=event, slug="main", name="Main gate")
    _pair_a_phone_that_scans(world, gate, now)
    _unlock_phones(world, gate, now)
    _hold_figures(world, cornerstone, event, now)
    _hold_desk_rows(world, event, now)
    # After those that are told apart by the address they stand in.
    world.arguments |= {
        "space": hall.slug,
        "layout": hall.layouts.get().slug,
        "slug": event.slug,
        "session": session.slug,
        "exhibitor": exhibitor.slug,
        "reference": ticket.registration.reference,
    }
    world.clients = {role: _client(world.users.get(role)) for role in ROLES}
    return world


def _sign_in_staff(world: World, now) -> None:
    from accounts.domain.tokens import issue_token
    from tests import factories

    for role in STAFF:
        user = factories.make_user("" if role == "administrator" else role, email=f"{role}@example.org")
        if role == "administrator":
            user.is_staff = user.is_superuser = True
            user.save()
        world.users[role] = user
        world.tokens[role] = issue_token(user=user, now=now)


def _hold_venue_rows(world: World, hall, now) -> None:
    """A booking, a feed and a closure of the venue for which somebody speaks."""
    from events.domain.bookings import hold_space
    from events.domain.closures import close_space
    from events.domain.feeds import make_feed

    organiser, day = world.users["organiser"], timedelta(days=1)
    minute = now.replace(second=0, microsecond=0)
    hall.venue.people.add(world.users["venue"])
    booking = hold_space(
        space=hall,
        layout=hall.layouts.get(),
        title="Rehearsal",
        people=20,
        held_by=organiser,
        starts_at=minute + 9 * day,
        ends_at=minute + 9 * day + timedelta(hours=2),
        now=now,
    )
    feed, _ = make_feed(venue=hall.venue, label="Front desk", by=organiser, now=now)
    closure = close_space(
        space=hall, starts_at=now + 20 * day, ends_at=now + 21 * day, reason="Repairs", by=organiser, now=now
    )
    world.arguments |= {
        "/desk/venues/|slug": hall.venue.slug,
        "/desk/venues/<slug>/feeds/|pk": feed.pk,
        "/desk/venues/|pk": closure.pk,
        "/desk/bookings/|slug": hall.slug,
        "/api/v1/bookings/|pk": booking.pk,
        "/desk/bookings/|pk": booking.pk,
    }


def _pair_a_phone_that_scans(world: World, gate, now) -> None:
    from door.domain.admission import admit
    from door.domain.devices import make_pairing_code, pair
    from door.domain.instructions import give
    from door.domain.scans import Scan

    code = make_pairing_code(gate=gate, now=now, by=None)
    paired = pair(pairing_code=code, name="Sam", now=now)
    world.tokens["device"] = paired.token
    lock_down = give(event=gate.event, kind="lock-down", is_drill=True, by=world.users["supervisor"], now=now)
    BODIES["/api/v1/devices/instruction-seen/"] = {"uid": str(lock_down.uid)}
    scan = Scan(scan_id=uuid4(), code=world.arguments["code"], direction="entry", scanned_at=now)
    admit(scan=scan, device=paired.device, now=now)
    world.arguments |= {"|phone": paired.device.pk, "scan_id": scan.scan_id}


def _hold_figures(world: World, cornerstone, event, now) -> None:
    """A published report, one that was made in the background, and an invitation."""
    from reporting.domain.invitations import record_invitation
    from reporting.domain.publishing import publish_report
    from reporting.models import Target

    target = Target.objects.get(slug="showcase-reach")
    report = publish_report(target=target, by=world.users["organiser"], now=now)
    job = _report_job(world, now)
    invited = record_invitation(name="Ines Exemplar (fictional)", series=cornerstone, now=now)
    world.arguments |= {
        "/desk/reach/schools/|slug": event.slug,
        "/desk/reach/schools/|reference": world.arguments["group"],
        "/desk/reach/records/invitations/|pk": invited.pk,
        "/desk/reach/|pk": job.pk,
        "/api/v1/reach/|slug": target.slug,
        "/desk/reach/|slug": target.slug,
        "number": report.number,
    }


def missing_rows(world: World) -> Iterator[list[str]]:
    """A row for each address and method that the table does not have, with what happens today."""
    known = {address for address, _ in table()}
    for address in addresses():
        if address in known:
            continue
        for method in METHODS:
            try:
                found = {role: outcome(world, role, address, method) for role in ROLES}
            except LookupError as fault:
                sys.stderr.write(f"{fault}\n")
                break
            if "405" in found.values() or (method != "GET" and "allow" not in found.values()):
                continue
            yield [address, method, *(found[role] for role in ROLES)]


def _routes(patterns, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if route not in SETS:
                yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and not route.startswith("account/"):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route.replace("^", "").replace("$", ""))


def _secret(world: World, role: str, address: str) -> str:
    """What the role holds of this kind;
    whoever holds none tries the code of a ticket that they saw (SE-35)."""
    return world.secrets.get(f"{address.split('/')[1]}:{role}") or world.secrets.get(
        role, world.secrets["code"]
    )


def _report_job(world: World, now):
    from reporting.domain.report_jobs import ask_for_report
    from reporting.models import ReportJob, Target

    target = Target.objects.get(slug="showcase-reach")
    ask_for_report(target=target, face="csv", as_at=now, public=False, by=world.users["organiser"], now=now)
    job = ReportJob.objects.take(now=now)
    job.finish(now=now, content=b"target,value\n")
    return job


def _hold_desk_rows(world: World, event, now) -> None:
    """A message, a finished file, a webhook and somebody on duty, all of the organiser's."""
    from desk.domain.announcements import write
    from desk.models import Export
    from door.domain.duty_team import save_member
    from outbox.domain.webhooks import add_webhook

    by = {"event": event, "by": world.users["organiser"], "now": now}
    message = write(audience="all", session=None, subject="Bring a jumper", body="It is cold.", **by)
    member = save_member(name="Sam Sample", role="steward", **by)
    export = Export.objects.create(
        event=event,
        kind="registrations",
        format="csv",
        state="done",
        content=b"x",
        asked_at=now,
        due_at=now,
        ended_at=now,
        asked_by=world.users["organiser"],
        expires_at=now + timedelta(hours=24),
    )
    webhook = add_webhook(label="Newsletter", address="http://127.0.0.1:9/", kinds=["registered"], now=now)
    # Before the ticket's code, which has the same name in other addresses.
    world.arguments = {"/desk/webhooks/|code": webhook.code} | world.arguments
    world.arguments |= {
        "/desk/events/<slug>/messages/|uid": message.uid,
        "/desk/events/<slug>/staff/|uid": member.uid,
        "/desk/events/<slug>/exports/|uid": export.uid,
    }


def _unlock_phones(world: World, gate, now) -> None:
    from door.domain.devices import make_pairing_code, pair
    from door.domain.pins import set_pin, unlock

    for role, pin in zip(PHONES, ("246813", "975310"), strict=True):
        code = make_pairing_code(gate=gate, now=now, by=None)
        paired = pair(pairing_code=code, name=role, now=now)
        set_pin(event=gate.event, role=role.partition("'")[0], pin=pin, now=now, by=None)
        unlock(device=paired.device, pin=pin, now=now)
        world.tokens[role] = paired.token


def _hold_secrets(world: World, event, ticket) -> None:
    from desk.domain.announcements import news_off_token
    from tests import factories
    from tickets.domain import codes
    from tickets.domain.groups import Party, register_group
    from tickets.domain.meetings import points_of
    from tickets.domain.registration import Contact
    from tickets.domain.waiting_list import join

    now = timezone.now()
    guardian = Contact(name="Gail Canary", email="gail.canary@example.org", phone="01632 960771")
    child = factories.sign_up(event, "Cy Canary", age=14, now=now, guardian=guardian)
    emergency = Contact(name="Zelda Canary", email="", phone="01632 960772")
    factories.sign_up(event, "Dee Example", age=17, now=now, emergency_contact=emergency)
    world.canaries = {
        "a child's name": b"Cy Canary",
        "guardian's name": b"Gail Canary",
        "guardian's e-mail": b"gail.canary@example.org",
        "guardian's phone": b"01632 960771",
        "emergency contact's name": b"Zelda Canary",
        "emergency contact's phone": b"01632 960772",
        "access need": b"A quiet space, please.",
        "e-mail": b"ada@example.org",
    }
    group = register_group(
        event=event,
        lead=Contact(name="Tess Teacher", email="tess@example.org", phone="01632 960020"),
        party=Party(organisation="Example High School", heads={"14-15": 2}, adults=1, borough="wirral"),
        declares_consent=True,
        vouched_by="registrar",
        now=now,
    )
    world.secrets = {
        "owner": codes.owner_secret(ticket.registration),
        "guardian": codes.guardian_secret(event_id=event.pk, serial=child.serial, generation=1),
        "group lead": codes.owner_secret(group.registration),
        "code": codes.ticket_code(event.pk, ticket.serial, 1).lower(),
    }
    world.serials = {
        "owner": ticket.serial,
        "guardian": child.serial,
        "group lead": group.tickets[0].serial,
    }
    point = points_of(event=event, now=now)[0]
    world.secrets |= {f"met:{role}": point.address for role in ROLES}
    world.arguments["group"] = group.registration.reference
    world.arguments["code"] = codes.ticket_code(event.pk, ticket.serial, 1)
    world.arguments["proof"] = codes.proof_secret(ticket.registration)
    full = factories.make_event("full-day", capacity=1, starts_at=now + timedelta(days=9))
    factories.sign_up(full, "Bo Example", now=now)
    full.refresh_from_db()
    _, secret = join(event=full, email="wil@example.org", party_size=1, now=now)
    world.secrets["waiting:owner"] = secret
    world.secrets["news-off:owner"] = news_off_token(ticket.registration)


def _client(user) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _content_type(address: str, method: str) -> str:
    if address.startswith("/api/"):
        return "application/json"
    return "application/x-www-form-urlencoded" if method != "GET" else "application/octet-stream"


def main() -> None:
    """Print what is missing, on a database of its own that is thrown away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    logging.disable(logging.CRITICAL)
    old = setup_databases(verbosity=0, interactive=False)
    try:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows(missing_rows(make_world()))
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
