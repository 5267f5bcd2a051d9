"""Does everything personal leave on its day, or when somebody asks, and does every figure stay?"""

import io
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command

from desk.domain import erasure, erasure_ledger
from desk.models import ErasureReceipt, Export
from door.domain.admission import admit
from door.models import CheckIn, ContactOpened, StaffMember
from outbox.domain.due import run_all
from outbox.models import Message
from people.models import Person
from reporting.domain.reach import measure_reach
from reporting.models import Target
from tests import factories
from tests.desk.test_personal_data import PERSONAL
from tests.door.factories import TEN, make_phone, make_scan
from tickets.domain import codes
from tickets.models import AccessNeed, Guardian, Registration, Ticket, TicketSheet, WaitingListEntry

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CANARY = "kanarienvogel"
Reason = ErasureReceipt.Reason
DAY_AFTER = timedelta(days=1)


def guardian():
    from tickets.domain.registration import Contact

    return Contact(name=f"Gail {CANARY}", email=f"gail.{CANARY}@example.org", phone="01632 960 010")


@pytest.fixture
def ada(event):
    """Fourteen, confirmed, admitted, with a canary in every field that could hold one."""
    ticket = factories.sign_up(
        event,
        f"Ada {CANARY}",
        age=14,
        email=f"ada.{CANARY}@example.org",
        guardian=guardian(),
        access_needs=f"step-free for {CANARY}",
    )
    Registration.objects.update(
        state="confirmed",
        hold_until=None,
        lead_phone=f"01632 {CANARY}",
        organisation=CANARY,
        organisation_key=CANARY,
        request_digest=CANARY,
    )
    Ticket.objects.update(state="valid")
    phone = make_phone(event, name=f"Sam {CANARY}")
    ticket.refresh_from_db()
    admit(device=phone, scan=make_scan(ticket, TEN), now=TEN)
    CheckIn.objects.update(override_reason=f"I know {CANARY}", undo_reason=f"it was {CANARY}")
    ContactOpened.objects.create(ticket=ticket, device=phone, reason=f"called {CANARY}", opened_at=TEN)
    WaitingListEntry.objects.create(
        event=event,
        email=f"{CANARY}@example.org",
        organisation=CANARY,
        fingerprint=b"0" * 16,
        joined_at=TEN,
    )
    TicketSheet.objects.create(
        registration=ticket.registration,
        of_state="x",
        tickets_in_all=1,
        content=CANARY.encode(),
        asked_at=TEN,
        due_at=TEN,
    )
    StaffMember.objects.create(
        event=event, name=f"Sue {CANARY}", organisation=CANARY, duty=CANARY, role="steward", added_at=TEN
    )
    Export.objects.create(
        event=event,
        kind="registrations",
        format="csv",
        state="done",
        due_at=TEN,
        ended_at=TEN,
        content=CANARY.encode(),
        asked_by=factories.make_user("organiser"),
        asked_at=TEN,
        expires_at=TEN,
    )
    return ticket


# A registration that is erased takes no colleague with it.
STAFF = sorted(name for name in PERSONAL if name.startswith("door.StaffMember"))


def everything() -> str:
    """Every row of every table, as text."""
    out = io.StringIO()
    call_command("dumpdata", stdout=out)
    return out.getvalue()


def canaries() -> list[str]:
    """In which personal fields of PERSONAL a canary stands."""
    found = []
    for name in PERSONAL:
        label, model, field = name.split(".")
        for value in apps.get_model(label, model).objects.values_list(field, flat=True):
            if CANARY.encode() in (
                bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
            ):
                found.append(name)
    return sorted(set(found))


def figures(event) -> dict:
    target, _ = Target.objects.get_or_create(
        slug="reach",
        defaults={
            "title": "Reach",
            "rung": "reached",
            "goal": 500,
            "series": event.series,
            "min_age": 11,
            "max_age": 25,
            "due_date": factories.DAY.date(),
        },
    )
    as_at = factories.DAY + timedelta(days=400)
    return measure_reach(target=target, as_at=as_at).__dict__


def test_the_control_finds_a_canary_in_every_field_but_the_empty_ones(ada):
    missing = set(PERSONAL) - set(canaries())

    # Phone numbers hold digits, an emergency contact is not asked at 14, a conflict is rare.
    assert missing == {
        "tickets.Guardian.phone",
        "tickets.EmergencyContact.name",
        "tickets.EmergencyContact.phone",
        "door.Conflict.settlement",
    }
    assert CANARY in everything()


def test_contacts_leave_after_seven_days_and_names_after_thirty(event, ada):
    erasure.erase_due(now=event.ends_at + timedelta(days=7) - timedelta(seconds=1))
    assert AccessNeed.objects.exists()

    erasure.erase_due(now=event.ends_at + timedelta(days=7))
    assert (AccessNeed.objects.count(), Guardian.objects.get().email) == (0, "")
    assert Ticket.objects.get().name == f"Ada {CANARY}"

    erasure.erase_due(now=event.ends_at + timedelta(days=30))
    assert canaries() == []
    assert CANARY not in everything()


@pytest.mark.database
def test_figures_are_the_same_before_and_after(event, ada):
    before = figures(event)

    erasure.erase_due(now=event.ends_at + timedelta(days=31))

    assert figures(event) == before
    assert before["value"] == 1
    ticket = Ticket.objects.get()
    assert (ticket.age, ticket.age_band, ticket.borough) == (None, "14-15", "liverpool")
    assert Person.objects.get() == ticket.person


def test_receipts_say_what_left_and_when(event, ada):
    now = event.ends_at + timedelta(days=31)

    erasure.erase_due(now=now)
    erasure.erase_due(now=now + DAY_AFTER)

    receipts = ErasureReceipt.objects.order_by("pk").values_list(
        "event__slug", "data_class", "reason", "rows"
    )
    assert list(receipts) == [
        ("showcase", "contacts", "schedule", 2),
        ("showcase", "waiting-list", "schedule", 1),
        ("showcase", "names", "schedule", 2),
        ("showcase", "names", "schedule", 1),
        ("showcase", "names", "schedule", 1),
    ]


def test_tick_erases_after_any_time_without_it(event, ada):
    _, failed = run_all(now=event.ends_at + timedelta(days=400))

    assert failed == []
    assert CANARY not in everything()


def test_days_are_settable(event, ada, settings):
    settings.RETENTION_DAYS = {"names": 60}

    erasure.erase_due(now=event.ends_at + timedelta(days=31))

    assert Ticket.objects.get().name
    assert not AccessNeed.objects.exists()


def test_a_lapsed_registration_leaves_whole_and_at_once(event, noon):
    factories.sign_up(event, f"Bo {CANARY}", age=14, guardian=guardian(), now=noon)

    run_all(now=noon + timedelta(hours=48))

    assert CANARY not in everything()
    assert Registration.objects.get().state == "lapsed"
    event.refresh_from_db()
    assert event.places_taken == 0


def test_erasure_before_the_day_frees_the_place(event, noon):
    ticket = factories.sign_up(event, f"Cy {CANARY}", age=30 - 10, now=noon)

    receipt = erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    event.refresh_from_db()
    assert (event.places_taken, receipt.reason, receipt.data_class) == (0, "owner", "registration")
    assert CANARY not in everything()


def test_erasure_after_the_day_keeps_every_figure(event, ada):
    before = figures(event)

    erasure.erase_registration(
        registration=ada.registration, reason=Reason.OWNER, now=event.ends_at + DAY_AFTER
    )

    assert figures(event) == before
    assert [name for name in canaries() if name not in ("door.Device.name", *STAFF)] == [
        "tickets.WaitingListEntry.email",  # of somebody else, as far as we know
        "tickets.WaitingListEntry.organisation",
    ]


def test_erasing_twice_changes_nothing(event, noon, ledger):
    ticket = factories.sign_up(event, "Di Example", now=noon)
    erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    again = erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    assert again is None
    assert ErasureReceipt.objects.count() == 1
    assert len(ledger.read_text().splitlines()) == 1


def test_others_of_the_event_stay(event, noon):
    factories.sign_up(event, "Ed Example", now=noon)
    ticket = factories.sign_up(event, f"Flo {CANARY}", now=noon)

    erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    assert list(Ticket.objects.exclude(name="").values_list("name", flat=True)) == ["Ed Example"]


def test_the_ledger_names_nobody_and_knows_them_again(event, noon, ledger):
    ticket = factories.sign_up(event, f"Gus {CANARY}", now=noon)
    reference = ticket.registration.reference

    erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    assert CANARY not in ledger.read_text()
    assert reference not in ledger.read_text()
    assert erasure_ledger.erased_ids() == {erasure_ledger.keyed_id(reference)}
    assert ledger.stat().st_mode & 0o777 == 0o600


def test_a_line_cut_short_hides_no_other(event, noon, ledger):
    ticket = factories.sign_up(event, "Hal Example", now=noon)
    ledger.write_text('{"at": "2026-11-24T12:00:00+00:00", "id": "ab\n')

    erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    assert erasure_ledger.keyed_id(ticket.registration.reference) in erasure_ledger.erased_ids()


def test_nothing_is_erased_where_the_ledger_cannot_be_written(event, noon, settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.ERASURE_LEDGER = tmp_path / "file" / "ledger"
    ticket = factories.sign_up(event, "Ivy Example", now=noon)

    with pytest.raises(OSError, match="file"):
        erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    ticket.refresh_from_db()
    assert (ticket.name, ticket.state) == ("Ivy Example", "valid")


def test_mail_to_the_erased_is_dropped(event, noon, mailoutbox):
    ticket = factories.sign_up(event, "Jo Example", now=noon)
    erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    run_all(now=noon + timedelta(hours=1))

    assert mailoutbox == []
    assert set(Message.objects.values_list("state", flat=True)) == {"dropped"}


def test_the_owners_link_is_over_once_erased(client, event, noon):
    ticket = factories.sign_up(event, "Kit Example", now=noon)
    address = f"/my/{codes.owner_secret(ticket.registration)}/"
    assert client.get(address).status_code == 200

    erasure.erase_registration(registration=ticket.registration, reason=Reason.OWNER, now=noon)

    assert client.get(address).status_code == 404
