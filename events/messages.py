"""What do our mails about bookings say?

The venue, the space and the time; no person, least of all in a subject.
"""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import User
from events.domain.booking_notices import PURPOSE
from events.models import Booking
from outbox.domain import composers
from outbox.domain.composers import Mail

SUBJECTS = {
    "held": "Please say yes or no: {slot}",
    "second": "A second option: {slot}",
    "confirmed": "Confirmed: {slot}",
    "released": "Released: {slot}",
    "moved": "Moved, please look again: {slot}",
    "moved-up": "Now first in line: {slot}",
    "lapsed": "The hold is over: {slot}",
    "lapsing": "The hold ends soon: {slot}",
}


def register_composers() -> None:
    composers.register(PURPOSE, booking_mail)


def booking_mail(context: dict) -> Mail | None:
    """None where it is no longer true: a reminder of a hold that was settled or prolonged meanwhile."""
    bookings = Booking.objects.select_related("space__venue", "layout", "event")
    booking = bookings.filter(pk=context.get("booking", 0)).first()
    reader = User.objects.filter(pk=context.get("to", 0), is_active=True).first()
    what = context.get("what", "")
    if booking is None or reader is None or not reader.email or what not in SUBJECTS:
        return None
    if what == "lapsing" and not _still_lapses(booking, context):
        return None
    if what == "held" and booking.rank == 2:
        what = "second"
    dates = []
    if booking.repeat and what == "held":
        dates = list(Booking.objects.standing().filter(repeat=booking.repeat).order_by("starts_at"))
    values = {
        "what": what,
        "booking": booking,
        "venue": booking.space.venue,
        "dates": dates,
        "for_venue": booking.space.venue.people.filter(pk=reader.pk).exists(),
        "address": f"{settings.SITE_URL}/desk/bookings/{booking.pk}/",
    }
    slot = f"{booking.space}, {booking.space.venue}"
    subject = SUBJECTS[what].format(slot=slot)
    text = render_to_string("events/mail/booking.txt", values).strip() + "\n"
    html = render_to_string("events/mail/booking.html", values | {"subject": subject, "text": text})
    return Mail(to=[reader.email], subject=subject, text=text, html=html)


def _still_lapses(booking: Booking, context: dict) -> bool:
    if booking.state != Booking.State.HELD or booking.hold_until is None:
        return False
    return booking.hold_until == datetime.fromisoformat(context["hold_until"])
