"""What may another program hear of this floor?

Who registered, cancelled and came: by reference, never by name.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count

from door.models import Admission
from outbox.domain.webhooks import Happened
from tickets.models import Registration


def registered(since: datetime, most: int) -> Iterator[Happened]:
    rows = Registration.objects.filter(created_at__gte=since).select_related("event")
    for one in rows.annotate(places=Count("tickets")).order_by("created_at", "pk")[:most]:
        payload = {
            "event": one.event.slug,
            "reference": one.reference,
            "tickets": one.places,
            "state": one.state,
        }
        yield Happened(key=f"registration:{one.pk}", at=one.created_at, payload=payload)


def cancelled(since: datetime, most: int) -> Iterator[Happened]:
    rows = Registration.objects.filter(ended_at__gte=since).select_related("event")
    for one in rows.order_by("ended_at", "pk")[:most]:
        payload = {"event": one.event.slug, "reference": one.reference, "state": one.state}
        yield Happened(key=f"registration:{one.pk}", at=one.ended_at or since, payload=payload)


def admitted(since: datetime, most: int) -> Iterator[Happened]:
    """First admissions at an event's entrance, by when the server knew of them."""
    rows = Admission.objects.filter(recorded_at__gte=since, door_list__session__isnull=True)
    for one in rows.select_related("ticket__registration", "door_list__event").order_by("recorded_at", "pk")[
        :most
    ]:
        payload = {
            "event": one.door_list.event.slug,
            "reference": one.ticket.registration.reference,
            "ticket": one.ticket.serial,
            "admitted_at": one.admitted_at.isoformat(),
        }
        yield Happened(key=f"admission:{one.pk}", at=one.recorded_at, payload=payload)
