"""Is everybody told, is nothing lost, when an edition is copied, moved, cancelled or closed?"""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core import mail
from django.utils import timezone

from desk.domain import event_changes
from desk.domain.event_changes import NotMoved, UnsentScans
from door.domain.admission import admit
from door.models import Device, DoorList, Gate
from events.domain.bookings import hold_space
from events.domain.slots import SpaceUnavailable
from events.models import Booking, Event, Exhibitor
from foundation.refusals import InvalidInput
from outbox.domain.mail_delivery import send_due
from outbox.models import Message
from tests import factories
from tests.door.factories import make_gate, make_phone, make_scan
from tickets.domain import waiting_list
from tickets.models import Registration, Ticket, WaitingListEntry


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def event(db, now):
    return factories.make_event(starts_at=now + timedelta(days=7), capacity=3)


@pytest.fixture
def full(event, now):
    """Ada and Ben (14, not confirmed) have a ticket each, Cleo one with a session; one party waits."""
    factories.make_session(event, capacity=5)
    factories.sign_up(event, "Ada Example", now=now)
    factories.sign_up(event, "Ben Example", age=14, now=now)
    factories.sign_up(event, "Cleo Example", now=now, sessions=["games-workshop"])
    waiting_list.join(event=event, email="wim@example.org", party_size=1, now=now)
    event.refresh_from_db()
    return event


@pytest.fixture
def hall(event, organiser, now):
    space = factories.make_space()
    return hold_space(
        space=space,
        layout=space.layouts.get(),
        title="Main hall",
        people=40,
        event=event,
        held_by=organiser,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        now=now,
    )


def sent(purpose):
    return Message.objects.filter(purpose=purpose).count()


def test_cancelling_ends_everything_and_tells_everybody_once(full, hall, organiser, now):
    for _ in range(2):
        event_changes.cancel_event(event=full, reason="The roof leaks.", by=organiser, now=now)

    full.refresh_from_db()
    hall.refresh_from_db()
    assert (full.status, full.places_taken, full.cancel_reason) == ("cancelled", 0, "The roof leaks.")
    assert full.sessions.get().places_taken == 0
    assert set(Ticket.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(Registration.objects.values_list("state", flat=True)) == {"cancelled"}
    assert WaitingListEntry.objects.get().state == "left"
    assert hall.state == Booking.State.RELEASED
    assert [sent(f"event-cancelled{who}") for who in ("", "-guardian", "-waiting")] == [3, 1, 1]
    assert LogEntry.objects.filter(additional_data__did="cancelled the edition and told 5").count() == 1


def test_the_mails_of_a_cancelled_event_take_it_out_of_the_calendar(full, organiser, now):
    event_changes.cancel_event(event=full, reason="The roof {{ leaks }}.", by=organiser, now=now)
    Message.objects.exclude(purpose__startswith="event-cancelled").delete()

    send_due(now=now)

    texts = [message.body for message in mail.outbox]
    assert len(texts) == 5
    assert all("The roof {{ leaks }}." in text for text in texts)
    calendars = [part for message in mail.outbox for part in message.attachments]
    assert len(calendars) == 4
    assert all(
        b"METHOD:CANCEL" in str(part[1]).encode() or "METHOD:CANCEL" in str(part) for part in calendars
    )


def test_what_is_over_is_not_cancelled_and_a_reason_is_needed(full, organiser, now):
    with pytest.raises(InvalidInput, match="why"):
        event_changes.cancel_event(event=full, reason=" ", by=organiser, now=now)
    with pytest.raises(InvalidInput, match="over"):
        event_changes.cancel_event(event=full, reason="Late", by=organiser, now=now + timedelta(days=30))

    full.refresh_from_db()
    assert full.status == "published"
    assert sent("event-cancelled") == 0


def test_moving_takes_sessions_and_bookings_along_and_tells_everybody(full, hall, organiser, now):
    before, sequence = full.starts_at, full.sequence

    event_changes.move_event(
        event=full,
        starts_at=before + timedelta(days=1),
        ends_at=full.ends_at + timedelta(days=1),
        venue=full.venue,
        by=organiser,
        now=now,
    )

    full.refresh_from_db()
    hall.refresh_from_db()
    assert full.starts_at == before + timedelta(days=1)
    assert full.sequence > sequence
    assert full.doors_open_at == full.starts_at - timedelta(minutes=30)
    assert full.sessions.get().starts_at == full.starts_at + timedelta(hours=1)
    assert hall.starts_at == full.starts_at
    assert full.places_taken == 3
    assert [sent(f"event-moved{who}") for who in ("", "-guardian", "-waiting")] == [3, 1, 1]


def test_a_second_move_tells_again(full, organiser, now):
    for days in (1, 2):
        full.refresh_from_db()
        event_changes.move_event(
            event=full,
            starts_at=full.starts_at + timedelta(days=days),
            ends_at=full.ends_at + timedelta(days=days),
            venue=full.venue,
            by=organiser,
            now=now,
        )

    Message.objects.exclude(purpose__startswith="event-moved").delete()
    send_due(now=now)
    assert sent("event-moved") == 6
    assert len(mail.outbox) == 10


def test_another_place_gives_the_old_bookings_back(full, hall, organiser, now):
    elsewhere = factories.make_venue("elsewhere", name="Elsewhere")
    full.sessions.update(space=hall.space)

    event_changes.move_event(
        event=full, starts_at=full.starts_at, ends_at=full.ends_at, venue=elsewhere, by=organiser, now=now
    )

    full.refresh_from_db()
    hall.refresh_from_db()
    assert full.venue == elsewhere
    assert hall.state == Booking.State.RELEASED
    assert full.sessions.get().space is None


def test_a_clash_at_the_new_time_stops_the_move_whole(full, hall, organiser, now):
    later = {"starts_at": full.starts_at + timedelta(days=1), "ends_at": full.ends_at + timedelta(days=1)}
    hold_space(
        space=hall.space,
        layout=hall.layout,
        title="A wedding",
        people=10,
        held_by=organiser,
        now=now,
        **later,
    )

    with pytest.raises(SpaceUnavailable):
        event_changes.move_event(event=full, venue=full.venue, by=organiser, now=now, **later)
    unmoved = Event.objects.get(pk=full.pk)
    event_changes.move_event(
        event=full, venue=full.venue, by=organiser, now=now, release_what_clashes=True, **later
    )

    hall.refresh_from_db()
    assert unmoved.starts_at == full.starts_at
    assert Event.objects.get(pk=full.pk).starts_at == later["starts_at"]
    assert hall.state == Booking.State.RELEASED
    assert sent("event-moved") == 3


def test_moves_that_cannot_be_are_refused(full, organiser, now):
    day = timedelta(days=1)
    for starts_at, ends_at, refusal in (
        (full.starts_at, full.ends_at, NotMoved),
        (full.starts_at, full.starts_at, InvalidInput),
        (now - day, now, InvalidInput),
        (full.starts_at, full.starts_at + timedelta(minutes=30), InvalidInput),
    ):
        with pytest.raises(refusal):
            event_changes.move_event(
                event=full, starts_at=starts_at, ends_at=ends_at, venue=full.venue, by=organiser, now=now
            )
    assert sent("event-moved") == 0


def test_a_draft_moves_without_a_word(full, organiser, now):
    Event.objects.update(status="draft")

    event_changes.move_event(
        event=full,
        starts_at=full.starts_at + timedelta(days=1),
        ends_at=full.ends_at + timedelta(days=1),
        venue=full.venue,
        by=organiser,
        now=now,
    )

    assert sent("event-moved") == 0


def test_a_copy_has_what_was_planned_and_nobody_in_it(full, hall, organiser, now):
    stand = Exhibitor.objects.create(event=full, slug="example-studios", name="Example Studios")
    full.sessions.get().exhibitors.add(stand)
    Gate.objects.create(event=full, slug="main", name="Main gate")

    copy = event_changes.copy_event(
        event=full,
        title="Next year",
        slug="next-year",
        starts_at=full.starts_at + timedelta(days=364),
        by=organiser,
        now=now,
    )

    session = copy.sessions.get()
    assert (copy.status, copy.capacity, copy.places_taken, copy.min_age) == ("draft", 3, 0, 11)
    assert copy.ends_at - copy.starts_at == full.ends_at - full.starts_at
    assert session.starts_at - copy.starts_at == timedelta(hours=1)
    assert (session.places_taken, session.exhibitors.get().event) == (0, copy)
    assert Gate.objects.get(event=copy).name == "Main gate"
    assert not copy.bookings.exists()


def test_a_copy_over_the_clock_change_keeps_the_clock(event, organiser, now):
    from datetime import UTC, datetime

    winter = factories.make_event("winter", starts_at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
    factories.make_session(winter)

    copy = event_changes.copy_event(
        event=winter,
        title="Summer",
        slug="summer",
        starts_at=datetime(2027, 6, 1, 8, 30, tzinfo=UTC),
        by=organiser,
        now=now,
    )

    assert [
        timezone.localtime(moment).strftime("%H:%M")
        for moment in (copy.starts_at, copy.doors_open_at, copy.ends_at)
    ] == [
        "09:30",
        "09:00",
        "14:30",
    ]
    assert timezone.localtime(copy.sessions.get().starts_at).hour == 10


def test_books_close_only_when_the_phones_have_sent_all_or_for_a_reason(full, organiser, now):
    gate = make_gate(full)
    doors, _ = DoorList.objects.get_or_create(event=full, session=None)
    Device.objects.create(
        event=full,
        gate=gate,
        door_list=doors,
        name="Sam",
        token_digest="x",
        paired_at=now,
        expires_at=now + timedelta(days=9),
        unsent_scans=4,
    )
    after = full.ends_at + timedelta(hours=1)

    with pytest.raises(InvalidInput):
        event_changes.close(event=full, by=organiser, now=now, reason="Phone lost")
    with pytest.raises(UnsentScans) as refused:
        event_changes.close(event=full, by=organiser, now=after)
    event_changes.close(event=full, by=organiser, now=after, reason="The phone is lost")
    event_changes.close(event=full, by=organiser, now=after)

    full.refresh_from_db()
    line = LogEntry.objects.get(additional_data__did="closed the books with 4 scans not sent")
    assert refused.value.details == {"unsent": 4}
    assert full.status == "closed"
    assert (line.actor, line.additional_data["reason"]) == (organiser, "The phone is lost")


def test_a_phone_that_fell_silent_holds_the_closing(full, organiser, now):
    """Its storage was lost with five scans: nobody was told of them. One heard at the end holds nothing."""
    after = full.ends_at + timedelta(hours=1)
    for name, last_seen_at in (("Silent", full.ends_at - timedelta(hours=2)), ("Heard", after)):
        phone = make_phone(full, name=name, last_seen_at=last_seen_at)
        admit(device=phone, scan=make_scan("NOTATICKET", full.starts_at), now=full.starts_at)

    with pytest.raises(UnsentScans, match="fell silent before the end: 1") as refused:
        event_changes.close(event=full, by=organiser, now=after)
    event_changes.close(event=full, by=organiser, now=after, reason="The phone is lost")

    full.refresh_from_db()
    assert (refused.value.details, full.status) == ({"silent": 1}, "closed")


def test_a_chosen_session_moves_and_those_who_chose_it_are_told(full, organiser, now):
    session = full.sessions.get()
    later = {"starts_at": full.starts_at + timedelta(hours=2), "ends_at": full.starts_at + timedelta(hours=3)}

    event_changes.move_session(session=session, by=organiser, now=now, **later)

    session.refresh_from_db()
    assert (session.starts_at, session.places_taken) == (later["starts_at"], 1)
    assert sent("session-moved") == 1
    with pytest.raises(NotMoved):
        event_changes.move_session(session=session, by=organiser, now=now, **later)
    with pytest.raises(InvalidInput):
        event_changes.move_session(
            session=session, starts_at=now, ends_at=now + timedelta(hours=1), by=organiser, now=now
        )
    Message.objects.exclude(purpose="session-moved").delete()
    send_due(now=now)
    assert [message.to for message in mail.outbox] == [["cleo@example.org"]]
