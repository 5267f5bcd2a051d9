"""Is everybody told what happened to a booking, once, in plain words, without a name in the subject?"""

from datetime import timedelta

import pytest

from events.domain.bookings import confirm_booking, lapse_holds, move_booking, release_booking
from events.messages import booking_mail
from outbox.models import Message
from tests import factories
from tests.events.factories import TEN, hold


@pytest.fixture
def hall(db, venue_person):
    hall = factories.make_space("hall")
    hall.venue.people.add(venue_person)
    return hall


def mails() -> list:
    """(to, subject) of what is due at once, in order."""
    due = Message.objects.filter(purpose="booking").exclude(context__what="lapsing").order_by("pk")
    return [(mail.to[0], mail.subject) for mail in (booking_mail(one.context) for one in due) if mail]


def test_each_step_tells_the_others_and_not_the_doer(hall, organiser, venue_person, noon):
    booking = hold(hall, organiser, noon)
    confirm_booking(booking=booking, by=venue_person, now=noon)
    move_booking(
        booking=booking, by=organiser, starts_at=TEN + timedelta(hours=1), ends_at=booking.ends_at, now=noon
    )
    release_booking(booking=booking, by=venue_person, reason="The roof leaks", now=noon)

    assert mails() == [
        ("venue@example.org", "Please say yes or no: Hall, Example Works"),
        ("organiser@example.org", "Confirmed: Hall, Example Works"),
        ("venue@example.org", "Moved, please look again: Hall, Example Works"),
        ("organiser@example.org", "Released: Hall, Example Works"),
    ]


def test_a_mail_says_what_when_and_where_in_text_and_html(hall, organiser, venue_person, noon):
    booking = hold(hall, organiser, noon, title="<b>Fun</b>", setup_minutes=60)

    mail = booking_mail({"booking": booking.pk, "what": "held", "to": venue_person.pk})

    assert "Tuesday 1 December 2026, 10:00 to Tuesday 1 December 2026, 14:00" in mail.text
    assert "With set-up and clear-up: 1 December, 09:00 to 1 December, 14:00" in mail.text
    assert f"/desk/bookings/{booking.pk}/" in mail.text
    assert "<b>Fun</b>" in mail.text
    assert "&lt;b&gt;Fun&lt;/b&gt;" in mail.html
    assert organiser.name not in mail.subject + mail.text


def test_a_lapse_tells_both_and_the_next_in_line(hall, organiser, noon):
    second_holder = factories.make_user("organiser", email="olga@example.org")
    hold(hall, organiser, noon, hold_until=noon + timedelta(days=1))
    hold(hall, second_holder, noon, as_option=True, title="Second")
    Message.objects.all().delete()

    lapse_holds(now=noon + timedelta(days=1))

    assert set(mails()) == {
        ("organiser@example.org", "The hold is over: Hall, Example Works"),
        ("venue@example.org", "The hold is over: Hall, Example Works"),
        ("olga@example.org", "Now first in line: Hall, Example Works"),
        ("venue@example.org", "Now first in line: Hall, Example Works"),
    }


def test_the_holder_is_reminded_before_a_hold_ends_unless_it_was_settled(hall, organiser, venue_person, noon):
    booking = hold(hall, organiser, noon)
    reminder = Message.objects.get(context__what="lapsing")

    due_text = booking_mail(reminder.context).subject
    confirm_booking(booking=booking, by=venue_person, now=noon)

    assert reminder.due_at == booking.hold_until - timedelta(days=3)
    assert due_text == "The hold ends soon: Hall, Example Works"
    assert booking_mail(reminder.context) is None


def test_a_mail_to_nobody_is_dropped(hall, organiser, venue_person, noon):
    booking = hold(hall, organiser, noon)
    venue_person.is_active = False
    venue_person.save()

    assert booking_mail({"booking": booking.pk, "what": "held", "to": venue_person.pk}) is None
    assert booking_mail({"booking": 0, "what": "held", "to": organiser.pk}) is None
