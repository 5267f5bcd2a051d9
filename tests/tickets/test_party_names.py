"""Do a school's names arrive whole, however they are sent, and does each row that cannot be say why?"""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from foundation.refusals import InvalidInput
from outbox.models import Message
from tests import factories
from tests.people.test_names import name_pairs
from tests.tickets.public import hidden
from tickets.domain import codes
from tickets.domain.attendees import Contact
from tickets.domain.groups import Party, lead_ticket, register_group
from tickets.domain.issuance import Idempotency
from tickets.domain.party_claims import SchoolFull
from tickets.domain.party_names import Row, _match, name_party, read_rows, text_of
from tickets.domain.ticket_sheets import sheet_for
from tickets.domain.waiting_list import OfferOver, offer_to_school
from tickets.messages import _names, _registered
from tickets.models import Registration, Ticket, TicketSheet
from tickets.tasks import make_sheets

TARA = Contact(name="Tara Teacher", email="tara@example.org", phone="01632 960 020")


def bring(event, *, heads=None, adults=1, now, organisation="Example Academy", **more):
    party = Party(
        organisation=organisation, heads=heads or {"11-13": 2, "14-15": 1}, adults=adults, borough="sefton"
    )
    asked = {"vouched_by": "registrar"} | more
    return register_group(event=event, lead=TARA, party=party, declares_consent=True, now=now, **asked)


@pytest.fixture
def party(event, noon):
    return bring(event, adults=2, now=noon).registration


def names_of(registration):
    return list(registration.tickets.order_by("serial").values_list("name", "age", "age_band"))


def give(registration, text, now):
    return name_party(registration=registration, rows=read_rows(text=text), now=now)


def test_the_first_ticket_is_the_leads_and_stands_for_the_party(party):
    tickets = list(party.tickets.order_by("serial"))

    assert lead_ticket(tickets=tickets) == tickets[0]
    assert names_of(party) == [
        ("Tara Teacher", None, "26-plus"),
        ("", None, "26-plus"),
        ("", None, "11-13"),
        ("", None, "11-13"),
        ("", None, "14-15"),
    ]
    assert {ticket.state for ticket in tickets} == {"valid"}


def test_pasted_names_find_the_tickets_of_their_age(party, noon):
    named, faulty = give(party, "Sam Example, 14\nLi 李小龍\nO'Brien, Pat\n", noon)
    assert (named, [(row.number, row.fault) for row in faulty]) == (
        0,
        [(3, "Enter the age as a whole number, or the word adult")],
    )

    named, faulty = give(party, "Sam Example, 14\nLi 李小龍\nNia Example,12\nUna Youthworker,adult", noon)

    assert (named, faulty) == (4, [])
    assert names_of(party) == [
        ("Tara Teacher", None, "26-plus"),
        ("Una Youthworker", None, "26-plus"),
        ("Nia Example", 12, "11-13"),
        ("Li 李小龍", None, "11-13"),
        ("Sam Example", 14, "14-15"),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Sam\nsam ", {2: "This name stands in row 1 as well. Add a second name or a letter"}),
        ("A\nB\nC\nD", {4: "All tickets for young people have a name"}),
        ("A, 17", {1: "No ticket without a name is left for ages 16 to 17"}),
        ("A, adult\nB, teacher", {2: "All tickets for adults have a name"}),
        ("A, 999", {1: "Enter the age as a whole number, or the word adult"}),
        (f"{'x' * 201}", {1: "Enter a name of 200 characters or fewer"}),
        ("A\x07", {1: "Remove the characters that cannot be shown"}),
        (",14", {1: "Enter a name"}),
    ],
)
def test_rows_that_cannot_be_say_why_and_nothing_is_saved(party, noon, text, faults):
    named, faulty = give(party, text, noon)

    assert (named, {row.number: row.fault for row in faulty}) == (0, faults)
    assert set(party.tickets.values_list("name", flat=True)) == {"Tara Teacher", ""}


def test_sending_the_list_again_changes_only_what_is_new(party, noon):
    give(party, "Sam Example, 14\nNia Example, 12", noon)

    named, faulty = give(party, "name,age\nSam Example,14\nNia Example,12\nZed Example,11", noon)

    assert (named, faulty) == (3, [])
    assert [name for name, _, _ in names_of(party)] == [
        "Tara Teacher",
        "",
        "Nia Example",
        "Zed Example",
        "Sam Example",
    ]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("name;age\r\nZoë;12\r\n".encode("utf-8-sig"), ["Zoë"]),
        ("name\tage\nZoë\t12\n".encode("utf-16"), ["Zoë"]),
        ("Zoë,12\rBo,13".encode("cp1252"), ["Zoë", "Bo"]),
        (b'"Example, Ada",12\n', ["Example, Ada"]),
        (b"'=HYPERLINK(1),12\n", ["=HYPERLINK(1)"]),
    ],
)
def test_any_usual_file_is_read(content, names):
    assert [row.name for row in read_rows(text=text_of(content))] == names


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"x" * 200_001, b"PK\x03\x04\x00\x00"])
def test_what_is_no_list_is_refused_kindly(content):
    with pytest.raises(InvalidInput):
        text_of(content)


def test_one_school_has_so_many_places_however_it_writes_its_name(event, noon):
    event.most_per_school = 6
    event.save()
    bring(event, now=noon)

    with pytest.raises(SchoolFull) as refused:
        bring(event, now=noon, organisation="  EXAMPLE-academy")

    assert refused.value.details == {"places_left": 2}
    bring(event, now=noon, organisation="Another Academy")
    event.refresh_from_db()
    assert event.places_taken == 8


def test_kept_places_are_used_by_the_group_and_by_nobody_else(event, noon):
    entry, _ = offer_to_school(
        event=event,
        organisation="Example Academy",
        email=TARA.email,
        places=5,
        until=event.starts_at,
        now=noon,
    )

    bring(event, now=noon, entry=entry)

    event.refresh_from_db()
    entry.refresh_from_db()
    assert (event.places_taken, entry.places_used, entry.state) == (5, 4, "offered")
    with pytest.raises(OfferOver):
        bring(event, now=noon, entry=entry)


def test_the_same_form_brings_one_party(event, noon):
    key = Idempotency(scope="form", key="k1")

    first, again = bring(event, now=noon, idempotency=key), bring(event, now=noon, idempotency=key)

    assert (again.registration, again.replayed) == (first.registration, True)
    assert Ticket.objects.count() == 4


def test_the_lead_is_reminded_while_names_are_missing(event, noon):
    early = event.starts_at.replace(month=11, day=1)
    registration = bring(event, now=early).registration
    due = Message.objects.filter(purpose="names").order_by("due_at")
    assert [(event.starts_at - one.due_at).days for one in due] == [14, 8]

    assert "3 tickets of Example Academy still have no name" in _names({"registration": registration.pk}).text
    give(registration, "A\nB\nC", noon)
    assert _names({"registration": registration.pk}) is None


def test_the_page_keeps_what_was_sent_and_takes_a_file(client, open_event):
    registration = bring(open_event, now=timezone.now()).registration
    page = f"/my/{codes.owner_secret(registration)}/names/"

    faulty = client.post(page, {"names": "Sam, 14\n<b>Al</b>, 99"})
    upload = SimpleUploadedFile("names.csv", "name,age\nSam,14\nÅse,12\n=1+1,11\n".encode())
    saved = client.post(page, {"names": "", "file": upload})
    listed = client.get(page.replace("names/", "names.csv"))

    assert faulty.status_code == 422
    assert b"Row 2: <bdi>&lt;b&gt;Al&lt;/b&gt;</bdi>" in faulty.content
    assert b"&lt;b&gt;Al&lt;/b&gt;, 99</textarea>" in faulty.content
    assert saved.status_code == 302
    assert sorted(Ticket.objects.values_list("name", flat=True)) == ["=1+1", "Sam", "Tara Teacher", "Åse"]
    assert "'=1+1,11,3" in listed.content.decode("utf-8-sig")
    assert client.put(page).status_code == 405
    assert client.get(f"/my/{'a' * 26}/names/").status_code == 404


def test_a_single_ticket_has_no_names_page(client, open_event):
    ticket = factories.sign_up(open_event, now=timezone.now())

    assert client.get(f"/my/{codes.owner_secret(ticket.registration)}/names/").status_code == 404


@pytest.mark.thorough
def test_a_large_party_gets_its_file_in_the_background(client, open_event):
    event = open_event
    registration = bring(event, heads={"14-15": 70}, now=timezone.now()).registration
    address = f"/my/{codes.owner_secret(registration)}/ticket.pdf"

    asked = client.get(address)
    assert (asked.status_code, asked["Refresh"]) == (202, "3")
    assert b"0 of 71 are done" in asked.content
    make_sheets(now=timezone.now())
    ready = client.get(address)

    assert ready.content.startswith(b"%PDF")
    sheet = TicketSheet.objects.get()
    assert (sheet.state, sheet.tickets_done) == ("done", 71)
    give(registration, "Sam Example", timezone.now())
    assert sheet_for(registration=registration, now=timezone.now()).state == "queued"
    make_sheets(now=timezone.now() + timedelta(days=1, minutes=1))
    assert not TicketSheet.objects.exists()
    mail = _registered({"registration": Registration.objects.get().pk})
    assert [name for name, _, _ in mail.attachments] == ["event.ics"]


def test_a_worker_that_died_over_a_file_is_followed_by_another(event, noon):
    registration = bring(event, now=noon).registration
    sheet = sheet_for(registration=registration, now=noon)
    TicketSheet.objects.update(state="running", due_at=noon, tries=1)

    make_sheets(now=noon)

    sheet.refresh_from_db()
    assert sheet.state == "done"


def test_the_group_form_asks_only_for_ages_of_the_event(client, open_event):
    open_event.min_age, open_event.max_age = 14, 18
    open_event.save()
    page = client.get(f"/e/{open_event.slug}/group/")

    assert hidden(page, "stamp")
    names = [
        name
        for name in ("heads_11_13", "heads_14_15", "heads_16_17", "heads_18", "heads_19_24")
        if name in page.content.decode()
    ]
    assert names == ["heads_14_15", "heads_16_17", "heads_18"]


def test_one_name_twice_in_a_list_is_said_however_it_is_typed(event, noon):
    """Every pair of the truth table that is one name; near names are two people."""
    party = bring(event, heads={"14-15": 2}, now=noon).registration

    for row in name_pairs("same", "near"):
        rows = [Row(1, row["one"], 15, False), Row(2, row["other"], 15, False)]
        _, faulty = _match(party, list(party.tickets.order_by("serial")), rows)

        stands_twice = [one.fault for one in faulty if one.fault.startswith("This name stands in row")]
        assert bool(stands_twice) is (row["verdict"] == "same"), row
