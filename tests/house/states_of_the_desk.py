"""Which states do the desk's door and its second step of signing in have that an address alone does not
show?"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from door.domain import instructions, pins, roll_calls
from door.domain.admission import admit_all
from door.domain.roll_calls import card_text, start
from events.models import Event
from tests import factories
from tests.door.factories import make_gate, make_phone, make_scan, make_ticket
from tickets.domain import codes
from tickets.domain.acceptance import prove_address
from tickets.domain.attendees import Contact
from tickets.domain.groups import Party, register_group

DECIDED = {"decided": "admitted"}


def the_desk_on_the_day(world) -> Iterator:
    now, boss = timezone.now(), world.users["organiser"]
    client = Client()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    event = factories.make_event("door-day", starts_at=now - timedelta(hours=1), safe_capacity=10)
    home = f"/desk/door/{event.slug}/"
    for page in ("", "phones/", "settle/", "team/"):
        yield f"door with nothing yet: {page}", client.get(f"{home}{page}")
    make_gate(event)
    main, side = make_phone(event, name="Sam"), make_phone(event, gate="side", name="Zoë", unsent_scans=7)
    tickets = [make_ticket(event, f"Person {n}") for n in range(10)]
    at = now - timedelta(minutes=20)
    admit_all(device=main, scans=[make_scan(one, at, **DECIDED) for one in tickets], now=now)
    later = at + timedelta(minutes=2)
    admit_all(device=side, scans=[make_scan(one, later, **DECIDED) for one in tickets[:2]], now=now)
    unknown = [make_scan("not a ticket", at, scan_id=uuid4()), make_scan("nor this", at, scan_id=uuid4())]
    admit_all(device=side, scans=unknown, now=now)
    admit_all(device=side, scans=[make_scan(tickets[5], later, **DECIDED)], now=now, quarantine=True)
    for page in ("", "phones/", "settle/", "team/"):
        yield f"door on the day: {page}", client.get(f"{home}{page}")
    registration = f"/desk/events/{event.slug}/registrations/{tickets[0].registration.reference}/"
    yield "contacts opened", client.post(registration, {"reason": "Bus is late"})
    yield "a pairing code", client.post(f"{home}phones/", {"gate": make_gate(event).slug})
    yield "a phone for no gate", client.post(f"{home}phones/", {"gate": "nowhere"})
    yield (
        "a PIN that is too short",
        client.post(f"{home}team/", {"ask": "pin", "role": "supervisor", "pin": "1"}),
    )
    yield "a gate without a name", client.post(f"{home}team/", {"ask": "gate", "name": ""})
    pins.set_pin(event=event, role="supervisor", pin="274951", now=now, by=boss)
    card_text(event=event, now=now)
    yield "the door team, ready", client.get(f"{home}team/")
    start(event=event, is_drill=True, now=now)
    yield "a drill", client.get(home)
    roll_calls.end(event=event, now=now)
    instructions.give(event=event, kind="evacuate", is_drill=False, by=boss, now=now)
    yield "everybody out", client.get(home)
    yield "everybody out, the instruction", client.get(f"{home}instruction/")


def the_second_step(world) -> Iterator:
    boss, client, again = world.users["organiser"], Client(), Client()
    totp.TOTP.activate(boss, totp.generate_totp_secret())
    client.post(reverse("account_login"), {"login": boss.email}, follow=True)
    code = re.search(r'"code": "([^"]+)"', json.dumps(dict(client.session)))[1]  # what the mail says
    client.post(reverse("account_confirm_login_code"), {"code": code})
    yield "second step", client.get(reverse("mfa_authenticate"))
    yield "second step, wrong", client.post(reverse("mfa_authenticate"), {"code": "000000"})
    again.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    yield "is it still you", again.get(reverse("mfa_reauthenticate"))


def groups_that_wait(world) -> Iterator:
    now, client = timezone.now(), Client()
    client.force_login(world.users["organiser"], backend="django.contrib.auth.backends.ModelBackend")
    event = factories.make_event("group-day", starts_at=now + timedelta(days=20), capacity=400)
    page = f"/desk/events/{event.slug}/groups/"
    yield "no group waits", client.get(page)
    lead = Contact(name="Tess Teacher", email="tess@example.org", phone="01632 960020")
    large, held = (
        register_group(
            event=event,
            lead=lead,
            party=Party(organisation=school, heads={"14-15": young}, adults=2, borough="wirral"),
            declares_consent=True,
            vouched_by="nobody",
            now=now,
        ).registration
        for school, young in (("Large School", 90), ("Held School", 12))
    )
    for one in (large, held):
        mine = f"/my/{codes.owner_secret(one)}/"
        yield f"unproved, {one.organisation}", client.get(mine)
        yield f"its proof, {one.organisation}", client.get(f"{mine}confirm/{codes.proof_secret(one)}/")
        yield f"no papers yet, {one.organisation}", client.get(f"{mine}ticket.pdf")
    prove_address(registration=held, now=now)
    yield "groups wait", client.get(page)
    yield "a no without a reason", client.post(page, {"reference": held.reference, "answer": "no"})
    yield "today, with groups that wait", client.get("/desk/")
    yield "an edition with groups that wait", client.get(f"/desk/events/{event.slug}/")
    mine = f"/my/{codes.owner_secret(held)}/"
    yield "a group waits for the organisers", client.get(mine)
    yield "its proof, again", client.get(f"{mine}confirm/{codes.proof_secret(held)}/")
    middle = register_group(
        event=event,
        lead=lead,
        party=Party(organisation="Middle School", heads={"16-17": 50}, adults=2, borough="wirral"),
        declares_consent=True,
        vouched_by="nobody",
        now=now,
    ).registration
    Event.objects.filter(pk=event.pk).update(capacity=60)
    mine = f"/my/{codes.owner_secret(middle)}/"
    yield "it no longer fits", client.post(f"{mine}confirm/{codes.proof_secret(middle)}/")
    yield "it no longer fits, its page", client.get(mine)
    yield "a group that does not fit waits", client.get(page)


STATES = [the_desk_on_the_day, the_second_step, groups_that_wait]
