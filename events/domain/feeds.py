"""Whose calendar may follow a venue or a space, by which secret address?"""

import hashlib
import secrets
from datetime import datetime, timedelta

from accounts.models import User
from events.domain.availability import family_of
from events.models import Booking, Closure, Feed, Space, Venue
from foundation.refusals import InvalidInput

LOOKS_BACK = timedelta(days=92)
SECRET_BYTES = 24  # 192 bits: not to be guessed


def make_feed(
    *, venue: Venue, space: Space | None = None, label: str, by: User, now: datetime
) -> tuple[Feed, str]:
    """A new secret address. The secret is answered once and kept only as its SHA-256.

    :raises InvalidInput: nobody is named who uses it, or the space is another venue's
    """
    if not label.strip() or len(label.strip()) > 80:
        words = "Say who uses it, in 80 characters or fewer"
        raise InvalidInput(words, fields={"label": [words]})
    if space is not None and space.venue_id != venue.pk:
        words = "Choose a space of this venue"
        raise InvalidInput(words, fields={"space": [words]})
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = Feed.objects.create(
        venue=venue, space=space, label=label.strip(), digest=_digest(secret), made_by=by, made_at=now
    )
    return feed, secret


def revoke_feed(*, feed: Feed, now: datetime) -> Feed:
    """The address answers nothing from now on. Repeating it changes nothing."""
    if feed.revoked_at is None:
        feed.revoked_at = now
        feed.save(update_fields=["revoked_at"])
    return feed


def feed_of(*, secret: str) -> Feed | None:
    """The live feed of a secret. One query."""
    return Feed.objects.live().select_related("venue", "space").filter(digest=_digest(secret)).first()


def feed_entries(*, feed: Feed, now: datetime) -> tuple[list[Booking], list[Closure]]:
    """What the calendar shows: standing bookings, holds whose time is not up, and closures, from some weeks
    ago on.

    Of a space, also what blocks it: bookings and closures of its wholes and parts.
    """
    since = now - LOOKS_BACK
    bookings = Booking.objects.standing().filter(space__venue=feed.venue, ends_at__gt=since)
    bookings = bookings.exclude(state=Booking.State.HELD, hold_until__lte=now)
    closures = Closure.objects.filter(space__venue=feed.venue, ends_at__gt=since)
    if feed.space is not None:
        family = family_of(feed.space)
        bookings, closures = bookings.filter(space__in=family), closures.filter(space__in=family)
    return (
        list(bookings.select_related("space__venue", "layout").order_by("starts_at", "rank", "pk")),
        list(closures.select_related("space__venue").order_by("starts_at", "pk")),
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
