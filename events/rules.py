"""Who may do what with a venue, a booking, an event?"""

import rules

from accounts.roles import is_board, is_organiser, is_supervisor, is_venue_person
from events.models import Booking, Venue


@rules.predicate
def speaks_for_venue(user, thing) -> bool:
    """The venue's person; thing is a venue, a space or a booking (None: any venue at all)."""
    if thing is None:
        return Venue.objects.of(user).exists()
    venue_id = thing.space.venue_id if isinstance(thing, Booking) else getattr(thing, "venue_id", thing.pk)
    return Venue.objects.of(user).filter(pk=venue_id).exists()


may_see_bookings = is_organiser | is_venue_person
may_book = is_organiser | (is_venue_person & speaks_for_venue)
may_confirm = is_organiser | (is_venue_person & speaks_for_venue)

rules.add_perm("events.see_bookings", may_see_bookings)
rules.add_perm("events.book", may_book)
rules.add_perm("events.confirm", may_confirm)
rules.add_perm("events.plan", is_organiser)
rules.add_perm("events.see_events", is_organiser | is_supervisor | is_board | is_venue_person)


def visible_venues(user):
    """All venues for an organiser; their own for a venue's person."""
    if is_organiser(user):
        return Venue.objects.all()
    return Venue.objects.of(user)
