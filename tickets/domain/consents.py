"""Who agreed to photos or news, and who took it back? A choice never changes a ticket."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from events.models import Event
from tickets.domain.age_rules import BOOKS_BELOW, GUARDIAN_BELOW, waits_for_guardian
from tickets.domain.consent_texts import WORDING_VERSION
from tickets.models import Consent, Ticket

Giver, Kind = Consent.Giver, Consent.Kind


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said yes to when a ticket was asked for.
    guardian_photo: by a guardian of their own, beside."""

    photo: bool = False
    news: bool = False
    guardian_photo: bool = False


SAID_NOTHING = Said()


def photos_agreed(*, event: Event, age: int | None, givers: set[str]) -> bool:
    """Under 16 the young person and a guardian both have to agree.

    A guardian who fills in the form of an event without confirmation has agreed for both.
    """
    if age is None or age >= GUARDIAN_BELOW:
        return bool(givers)
    if age < BOOKS_BELOW and not waits_for_guardian(event=event, age=age):
        return bool(givers)
    return Giver.GUARDIAN in givers and len(givers) > 1


def said_at_the_door(*, age: int, photo: bool, guardian_photo: bool, news: bool) -> Said:
    """What a walk-in and their guardian said yes to. guardian_photo: of a guardian who spoke; counts below
    16.

    Below 13 the guardian says what the child would like, as in the form: who does not speak says nothing.
    """
    guardian_photo = guardian_photo and age < GUARDIAN_BELOW
    return Said(
        photo=photo and (age >= BOOKS_BELOW or guardian_photo), guardian_photo=guardian_photo, news=news
    )


def first_givers(*, said: Said, by: User | None) -> set[str]:
    """Who agreed to photos when the ticket was asked for."""
    givers = {Giver.OWNER if by is None else Giver.REGISTRAR} if said.photo else set()
    return givers | ({Giver.GUARDIAN} if said.guardian_photo else set())


def first_consents(*, ticket: Ticket, said: Said, by: User | None, now: datetime) -> Iterator[Consent]:
    """What was said yes to when the ticket was asked for, not yet saved. Nobody below 13 gets news."""
    given = [(Kind.PHOTO, giver) for giver in sorted(first_givers(said=said, by=by))]
    if said.news and (ticket.age or 0) >= BOOKS_BELOW:
        given.append((Kind.NEWS, Giver.OWNER if by is None else Giver.REGISTRAR))
    for kind, giver in given:
        yield Consent(
            ticket=ticket,
            kind=kind,
            giver=giver,
            wording_version=WORDING_VERSION,
            given_at=now,
            given_by=by if giver == Giver.REGISTRAR else None,
        )


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
