"""Which states do young people, guardians and groups come to that an address alone does not show?"""

from collections.abc import Iterator
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from desk.domain.registration_admin import block_ticket
from events.models import Event
from tests import factories
from tests.tickets.public import answer_of, answers_for, hidden
from tests.typing_time import forms_typed_by_people
from tickets.domain import codes
from tickets.domain.changes import cancel_registration
from tickets.domain.consents import give_consent
from tickets.domain.groups import Party, register_group
from tickets.domain.registration import Contact
from tickets.domain.session_choices import choose_sessions
from tickets.domain.ticket_sheets import sheet_for
from tickets.domain.waiting_list import join, join_session, make_offers, offer_to_school
from tickets.models import Registration, Ticket, TicketSheet, WaitingListEntry
from tickets.views import request_guards

TESS = Contact(name="Tess Teacher", email="tess@example.org", phone="01632 960020")


def an_event(slug: str = "states-day", **fields) -> Event:
    return factories.make_event(slug, **({"starts_at": timezone.now() + timedelta(days=9)} | fields))


def my(registration: Registration) -> str:
    return f"/my/{codes.owner_secret(registration)}/"


def the_way_of_each_age(world) -> Iterator:
    """Those under 18, whose answers the shortest way does not hold."""
    for age in (16, 14, 12):
        event, client = an_event(f"states-{age}"), Client()
        for step in ("check", "confirm"):
            answer = answer_of(client, event, str(age), step=step, **answers_for(age))
            page = client.get(answer["Location"]) if answer.status_code == 302 else answer
            yield f"register at {age}, all filled in: {step}", page


def the_way_with_a_hitch(world) -> Iterator:
    event, client = an_event(), Client()
    factories.make_session(event, "first-cut", capacity=5)
    factories.make_session(event, "games-workshop", capacity=5)
    mine = answers_for(19)
    yield (
        "register, borough guessed",
        answer_of(client, event, "19", step="check", **mine | {"borough": "", "postcode": "CH41 1AA"}),
    )
    both = {"sessions": ["first-cut", "games-workshop"]}
    yield "register, sessions at the same time", answer_of(client, event, "19", step="confirm", **mine | both)
    wrong = mine | {"name": "x\x07", "email": "nobody", "postcode": "none"}
    yield "register, each answer wrong", answer_of(client, event, "19", step="check", **wrong)
    with forms_typed_by_people():
        yield "register, very quick", answer_of(client, event, "19", step="confirm", **mine)
    answer_of(client, event, "19", step="confirm", **mine)
    yield "register, here already", answer_of(client, event, "19", step="confirm", **mine)
    path = f"/e/{event.slug}/register/"
    used = {"stamp": hidden(client.get(path), "stamp"), "age": "19", "step": "confirm"}
    client.post(path, used | answers_for(19, name="Uma Example", email="uma@example.org"))
    yield "register, the form was used", client.post(path, used | answers_for(19, name="Cy Example"))
    Registration.objects.filter(lead_email="uma@example.org").update(
        needs_proof=True, state="on-hold", hold_until=timezone.now() + timedelta(minutes=30)
    )
    Ticket.objects.filter(name="Uma Example").update(state="on-hold")
    uma = Registration.objects.get(lead_email="uma@example.org")
    yield "ticket that has to be proved", client.get(my(uma))
    yield "proving", client.get(f"{my(uma)}confirm/{codes.proof_secret(uma)}/")


def events_of_each_kind(world) -> Iterator:
    now, client = timezone.now(), Client()
    an_event("later", registration_opens_at=now + timedelta(days=1))
    an_event("over", starts_at=now - timedelta(days=9))
    an_event("off", status="cancelled", cancelled_at=now)
    an_event("no-list", capacity=0, waiting_list=False)
    an_event("no-venue", min_age=None, max_age=None)
    Event.objects.filter(slug="no-venue").update(venue=None)
    yield "home with each kind of edition", client.get("/")
    for slug in ("later", "over", "off", "no-list", "no-venue"):
        for page in ("", "register/", "group/", "waiting-list/"):
            yield f"edition {slug}: {page}", client.get(f"/e/{slug}/{page}")
    Event.objects.update(status="draft")
    yield "home with nothing on", client.get("/")


def waiting_in_each_state(world) -> Iterator:
    now, client = timezone.now(), Client()
    event = an_event("queue", capacity=3)
    tickets = [factories.sign_up(event, f"{name} Example", now=now) for name in ("Ada", "Bo", "Cy")]
    asked = {"email": "w@example.org", "now": now}
    pair, pair_secret = join(event=event, party_size=2, **asked)
    _, last_secret = join(event=event, party_size=1, **asked)
    path = f"/e/{event.slug}/waiting-list/"
    yield (
        "waiting list, wrong answers",
        client.post(
            path, {"stamp": hidden(client.get(path), "stamp"), "email": "nobody", "party_size": "40"}
        ),
    )
    yield "waiting as the second", client.get(f"/waiting/{last_secret}/")
    yield "the data of who only waits", client.get(f"/waiting/{last_secret}/data/")
    for ticket in tickets[:2]:
        cancel_registration(registration=ticket.registration, now=now)
    make_offers(now=now)
    yield "places for two", client.get(f"/waiting/{pair_secret}/")
    form = {"offer": pair_secret}
    one = {"stamp": request_guards.stamp(event.slug, "one"), "age": "19", "step": "confirm"}
    taken = client.post(f"/e/{event.slug}/register/", one | form | answers_for(19, name="Di Example"))
    yield "ticket by an offer", client.get(taken["Location"])
    yield "places for one more", client.get(f"/waiting/{pair_secret}/")
    WaitingListEntry.objects.filter(pk=pair.pk).update(offer_until=now)
    yield "an offer that is over", client.get(f"/waiting/{pair_secret}/")
    yield "registering with it", client.post(f"/e/{event.slug}/register/", form)
    WaitingListEntry.objects.filter(pk=pair.pk).update(state="taken", ended_at=now)
    yield "an offer that was taken", client.get(f"/waiting/{pair_secret}/")
    WaitingListEntry.objects.filter(pk=pair.pk).update(state="left")
    yield "a list that was left", client.get(f"/waiting/{pair_secret}/")
    yield "no such place in a queue", client.get("/waiting/nothing/")


def sessions_in_each_state(world) -> Iterator:
    now, client = timezone.now(), Client()
    event = an_event()
    first, full = (
        factories.make_session(event, slug, capacity=1) for slug in ("first-cut", "games-workshop")
    )
    later = factories.make_session(event, "demo-night", after_minutes=180, capacity=1)
    ada, bo = (factories.sign_up(event, f"{name} Example", now=now) for name in ("Ada", "Bo"))
    choose_sessions(ticket=ada, slugs=[full.slug], now=now)
    choose_sessions(ticket=bo, slugs=[later.slug], now=now)
    page = f"{my(bo.registration)}sessions/{bo.serial}/"
    yield "sessions to choose", client.get(page)
    join_session(ticket=bo, session=full, now=now)
    yield "sessions, waiting for one", client.get(page)
    entry = WaitingListEntry.objects.get(session=full)
    yield "waiting for a session", client.get(f"/waiting/{codes.waiting_secret(entry.pk)}/")
    choose_sessions(ticket=ada, slugs=[], now=now)
    make_offers(now=now)
    yield "a place in a session", client.get(f"/waiting/{codes.waiting_secret(entry.pk)}/")
    choose_sessions(ticket=bo, slugs=[first.slug], now=now)
    yield (
        "a place at the time of another",
        client.post(f"/waiting/{codes.waiting_secret(entry.pk)}/", {"answer": "take"}),
    )
    yield (
        "sessions at the same time",
        client.post(
            f"{my(ada.registration)}sessions/{ada.serial}/", {"sessions": [first.slug, later.slug, "nothing"]}
        ),
    )


def what_an_owner_may_do(world) -> Iterator:
    now, client = timezone.now(), Client()
    event = an_event()
    teen = factories.sign_up(event, "Cy Example", age=17, now=now)
    home = my(teen.registration)
    for page in ("", "contact", "name", "new-code"):
        yield f"owner of 17: {page}", client.get(f"{home}{page}/{teen.serial}/" if page else home)
    yield "contact, nothing filled in", client.post(f"{home}contact/{teen.serial}/", {})
    give_consent(ticket=teen, kind="photo", giver="owner", now=now)
    yield "my data with a choice made", client.get(f"{home}data/")
    block_ticket(ticket=teen, reason="A question", by=world.users["organiser"], now=now)
    yield "ticket that is blocked", client.get(home)
    path = f"/e/{event.slug}/about-you/"
    stamp = hidden(client.get(path), "stamp")
    yield "equality, answered", client.post(path, {"stamp": stamp})
    with forms_typed_by_people():
        for _ in range(200):
            answer = client.post("/find/", {"email": "ada@example.org"})
        yield "find, too often", answer


def groups_in_each_state(world) -> Iterator:
    now, client = timezone.now(), Client()
    event = an_event(capacity=400, most_per_school=320)
    school = {
        "organisation": "Example High School",
        "name": "Tess Teacher",
        "email": "tess@example.org",
        "phone": "01632 960020",
        "heads_14_15": "4",
        "adults": "1",
        "borough": "wirral",
        "declared": "on",
    }
    path = f"/e/{event.slug}/group/"
    stamp = {"stamp": hidden(client.get(path), "stamp")}
    for what, wrong in (("nobody", {"heads_14_15": ""}), ("too many", {"heads_14_15": "399", "adults": "9"})):
        yield f"group, {what}", client.post(path, school | stamp | wrong)
    small = client.post(path, school | stamp)["Location"]
    yield "group's tickets", client.get(small)
    rows = "Sam Example, 14\n\x00, 99\nLi 李小龍, soon\n" + "Too Many, 15\n" * 9
    yield "names, rows to mend", client.post(f"{small}names/", {"names": rows})
    client.post(
        f"{small}names/", {"names": "Sam Example, 14\nLi 李小龍, 15\nMo Example, 14\nNia Example, 15"}
    )
    yield "names, all there", client.get(f"{small}names/")
    yield "group's tickets with names", client.get(small)
    large = register_group(
        event=event,
        lead=TESS,
        party=Party(organisation="Big School", heads={"14-15": 280}, adults=20, borough="wirral"),
        declares_consent=True,
        vouched_by="registrar",
        now=now,
    ).registration
    yield "tickets of a large group", client.get(my(large))
    yield "its file is asked for", client.get(f"{my(large)}ticket.pdf")
    sheet = sheet_for(registration=large, now=now)
    for state, done in (("running", 120), ("failed", 0)):
        TicketSheet.objects.filter(pk=sheet.pk).update(state=state, tickets_done=done)
        yield f"its file is {state}", client.get(f"{my(large)}ticket.pdf")
    _, secret = offer_to_school(
        event=event,
        organisation="Kept School",
        email="k@example.org",
        places=20,
        until=now + timedelta(days=2),
        now=now,
    )
    yield "places kept for a school", client.get(f"/waiting/{secret}/")
    yield "the school takes them", client.post(path, {"offer": secret})
    Event.objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=now)
    yield "group's tickets of a cancelled edition", client.get(small)


STATES = [
    the_way_of_each_age,
    the_way_with_a_hitch,
    events_of_each_kind,
    waiting_in_each_state,
    sessions_in_each_state,
    what_an_owner_may_do,
    groups_in_each_state,
]
