"""Who may do what with a venue, a booking, an event?"""

import rules
from django.db.models import Q

from accounts.roles import is_board, is_organiser, is_supervisor, is_venue_person, is_welfare
from events.models import Booking, Event, Venue


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
may_plan = is_organiser
may_see_events = is_organiser | is_supervisor | is_welfare | is_board | is_venue_person

rules.add_perm("events.see_bookings", may_see_bookings)
rules.add_perm("events.book", may_book)
rules.add_perm("events.confirm", may_confirm)
rules.add_perm("events.plan", may_plan)
# For templates: a rule asks the roles alone, a permission would ask each backend and the database.
rules.add_rule("events.plan", may_plan)
rules.add_rule("events.see_bookings", may_see_bookings)
rules.add_rule("events.see_events", may_see_events)
rules.add_perm("events.see_events", may_see_events)


def visible_venues(user):
    """All venues for an organiser; their own for a venue's person."""
    if is_organiser(user):
        return Venue.objects.all()
    return Venue.objects.of(user)


def visible_events(user):
    """All editions for an organiser; for a venue's person what is at their venue; for others no drafts."""
    if is_organiser(user):
        return Event.objects.all()
    if is_supervisor(user) or is_welfare(user) or is_board(user):
        return Event.objects.public()
    ours = Venue.objects.of(user)
    booked = Booking.objects.standing().filter(space__venue__in=ours, event__isnull=False)
    return Event.objects.filter(Q(venue__in=ours) | Q(pk__in=booked.values("event")))


def visible_bookings(user):
    """Those in the venues that the user may see, with what a page shows of them."""
    bookings = Booking.objects.filter(space__venue__in=visible_venues(user))
    return bookings.select_related("space__venue", "layout", "event", "held_by", "confirmed_by")


def bookable_events(user):
    """Editions that a booking may be for: a venue's person sees those at their own venue."""
    events = Event.objects.exclude(status__in=[Event.Status.CANCELLED, Event.Status.CLOSED])
    return events if is_organiser(user) else events.filter(venue__in=Venue.objects.of(user))
