"""In which short word does a table show how a row stands, and how loud is it?"""

from django import template
from django.template.defaultfilters import date
from django.utils.timezone import localtime

from desk.models import Announcement
from events.models import Booking
from tickets.models import Registration, Ticket

register = template.Library()

# A look is a class of static/desk/desk.css.
LOOKS: dict[str, str] = {
    Announcement.State.SENT: "on",
    Announcement.State.SCHEDULED: "held",
    Announcement.State.DRAFT: "",
    Booking.State.CONFIRMED: "on",
    Booking.State.HELD: "held",
    Registration.State.CONFIRMED: "on",
    Registration.State.ON_HOLD: "held",
    Ticket.State.VALID: "on",
    Ticket.State.ON_HOLD: "held",
    Ticket.State.BLOCKED: "note",
}
# Where the name of the state is too long for a badge.
WORDS: dict[str, str] = {
    Announcement.State.SENT: "Sent",
    Announcement.State.SCHEDULED: "Scheduled",
    Registration.State.LAPSED: "Lapsed",
    Registration.State.ON_HOLD: "On hold",
    Ticket.State.ON_HOLD: "On hold",
    Ticket.State.BLOCKED: "Paused",
}


@register.inclusion_tag("includes/state.html")
def state_badge(row: Announcement | Booking | Registration | Ticket) -> dict[str, str]:
    """{% state_badge registration %}; a hold says until when."""
    words = WORDS.get(row.state, row.get_state_display())
    if isinstance(row, Booking) and row.state == Booking.State.HELD and row.hold_until:
        words += f" until {date(localtime(row.hold_until), 'j M')}"
    return {"look": LOOKS.get(row.state, "off"), "words": words}
