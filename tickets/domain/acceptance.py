"""Which groups wait for an organiser's yes, and what happens when a proof, a yes or a no comes?"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from events.models import Event
from foundation import change_log
from foundation.refusals import InvalidInput
from outbox.domain.mail_queue import queue_message
from tickets.domain import email_verification
from tickets.domain.changes import NothingToChange, cancel_registration
from tickets.domain.party_claims import advance, heads_of
from tickets.models import Registration

State = Registration.State
LONGEST_REASON = 200  # characters


@dataclass(frozen=True)
class WaitingParty:
    """heads: in all. fits: its places are held, or there are as many left."""

    registration: Registration
    heads: int
    is_held: bool
    fits: bool


def waiting_parties(*, events: list[Event]) -> list[WaitingParty]:
    """The groups that only an organiser's yes or a proof takes further, those of a proved address first.

    One query.
    """
    rows = (
        Registration.objects.filter(
            Q(state=State.REQUESTED) | Q(state=State.ON_HOLD, needs_proof=False),
            event__in=events,
            kind=Registration.Kind.GROUP,
            accepted_at__isnull=True,
        )
        .select_related("event")
        .order_by("needs_proof", "created_at", "pk")
    )
    return [_waiting(row) for row in rows]


def prove_address(*, registration: Registration, now: datetime) -> Registration:
    """The link in the mail was used. A party goes as far as it may go now; anybody else keeps their place.

    Repeating it changes nothing.

    :raises EventFull: a party that held nothing does not fit any more; it stays a request, with its address
        proved
    :raises SchoolFull: its school has all its places
    """
    if registration.kind != Registration.Kind.GROUP:
        return email_verification.prove(registration=registration, now=now)
    with transaction.atomic():
        _lock(registration)
        if registration.ended_at is not None or not registration.needs_proof:
            return registration
        registration.needs_proof, registration.vouched_by = False, Registration.Vouched.ADDRESS
        if registration.state == State.ON_HOLD:
            registration.hold_until = None
        registration.save(update_fields=["needs_proof", "vouched_by", "hold_until"])
    with transaction.atomic():
        _lock(registration)
        advance(registration=registration, now=now)
    return registration


def accept_party(*, registration: Registration, by: User, now: datetime) -> Registration:
    """An organiser says yes: they vouch for the lead and for the under-16s, and the party has its places.

    :raises NothingToChange: it was answered, or ended, meanwhile
    :raises EventFull: it does not fit any more; carries places_left. It goes on waiting
    :raises SchoolFull: its school has all its places
    """
    with transaction.atomic():
        _lock(registration)
        _refuse_answered(registration)
        registration.accepted_at = now
        if registration.needs_proof:
            registration.needs_proof, registration.vouched_by = False, Registration.Vouched.REGISTRAR
        advance(registration=registration, now=now)
        _note(registration, "said yes to the group", "", by, now)
    return registration


def decline_party(*, registration: Registration, reason: str, by: User, now: datetime) -> Registration:
    """An organiser says no; a lead whose address is proved is told why, in the organiser's words.

    :raises InvalidInput: no reason is given
    :raises NothingToChange: it was answered, or ended, meanwhile
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput(
            "Say why.", fields={"reason": [f"Say why, in at most {LONGEST_REASON} characters"]}
        )
    with transaction.atomic():
        _lock(registration)
        _refuse_answered(registration)
        proved = not registration.needs_proof
        cancel_registration(registration=registration, now=now, tell=False)
        _note(registration, "said no to the group", reason, by, now)
        if proved:
            queue_message(
                purpose="group-declined",
                key=f"registration:{registration.pk}",
                context={"registration": registration.pk, "reason": reason},
                now=now,
            )
    return registration


def _lock(registration: Registration) -> None:
    """Places are counted on the event's row: whoever claims them holds it first."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    registration.event = event


def _refuse_answered(registration: Registration) -> None:
    waits = registration.state in {State.REQUESTED, State.ON_HOLD} and registration.accepted_at is None
    if registration.kind != Registration.Kind.GROUP or not waits:
        raise NothingToChange("This group was answered meanwhile.")


def _note(registration: Registration, did: str, reason: str, by: User, now: datetime) -> None:
    change_log.note(
        about=registration, event_id=registration.event_id, did=did, reason=reason, by=by, now=now
    )


def _waiting(registration: Registration) -> WaitingParty:
    heads = heads_of(registration=registration)
    is_held = registration.state == State.ON_HOLD
    return WaitingParty(registration, heads, is_held, is_held or heads <= registration.event.places_left)
