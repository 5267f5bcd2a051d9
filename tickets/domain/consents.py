"""Who agreed to photos or news, and who took it back? A choice never changes a ticket."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from events.models import Event
from tickets.domain.asking import BOOKS_BELOW, GUARDIAN_BELOW, waits_for_guardian
from tickets.domain.wording import WORDING_VERSION
from tickets.models import Consent, Ticket

Giver, Kind = Consent.Giver, Consent.Kind


def photos_agreed(*, event: Event, age: int | None, givers: set[str]) -> bool:
    """Under 16 the young person and a guardian both have to agree.

    A guardian who fills in the form of an event without confirmation has agreed for both.
    """
    if age is None or age >= GUARDIAN_BELOW:
        return bool(givers)
    if age < BOOKS_BELOW and not waits_for_guardian(event=event, age=age):
        return bool(givers)
    return Giver.GUARDIAN in givers and len(givers) > 1


def first_consents(*, ticket: Ticket, photo: bool, news: bool, by, now: datetime) -> Iterator[Consent]:
    """What was said yes to in the form, not yet saved. Nobody below 13 gets news."""
    giver = Giver.OWNER if by is None else Giver.REGISTRAR
    for kind, given in ((Kind.PHOTO, photo), (Kind.NEWS, news and (ticket.age or 0) >= BOOKS_BELOW)):
        if given:
            yield Consent(
                ticket=ticket, kind=kind, giver=giver, wording_version=WORDING_VERSION, given_at=now, given_by=by
            )  # fmt: skip


def give_consent(*, ticket: Ticket, kind: str, giver: str, now: datetime) -> None:
    """Record a yes, with the words shown now. Repeating it changes nothing."""
    with transaction.atomic():
        Consent.objects.bulk_create(
            [Consent(ticket=ticket, kind=kind, giver=giver, wording_version=WORDING_VERSION, given_at=now)],
            ignore_conflicts=True,
        )
        _set_no_photos(ticket, kind, now)


def withdraw_consent(*, ticket: Ticket, kind: str, now: datetime) -> None:
    """Take back a photo or news choice; one tap, nothing else changes."""
    with transaction.atomic():
        Consent.objects.filter(ticket=ticket, kind=kind, withdrawn_at__isnull=True).update(withdrawn_at=now)
        _set_no_photos(ticket, kind, now)


def _set_no_photos(ticket: Ticket, kind: str, now: datetime) -> None:
    if kind != Kind.PHOTO:
        return
    givers = set(
        Consent.objects.filter(ticket=ticket, kind=kind, withdrawn_at__isnull=True).values_list(
            "giver", flat=True
        )
    )
    ticket.no_photos = not photos_agreed(event=ticket.event, age=ticket.age, givers=givers)
    ticket.changed_at = now
    ticket.save(update_fields=["no_photos", "changed_at"])
