"""How does a school or a youth club come? Heads now, names later, one lead."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from events.models import Event
from foundation.refusals import InvalidInput, Refusal
from people.boroughs import Borough
from people.domain.age_bands import AGE_BAND_LABELS, AGE_BANDS
from people.domain.contacts import email_fault, phone_fault
from people.domain.names import name_fault
from tickets.domain.attendees import Contact
from tickets.domain.issuance import Idempotency, NewRegistration, issue_request, key_digest
from tickets.domain.party_claims import VOUCHED, advance
from tickets.domain.places import RegistrationClosed, closed_words
from tickets.domain.registration import Registered
from tickets.domain.waiting_list import voucher
from tickets.models import Registration, Ticket, WaitingListEntry

MOST_HEADS = 300  # young people of one party; a larger one comes as two
YOUNG_PER_ADULT = 10  # NSPCC's usual ratio for 13 to 18, as a note and not a refusal
NAMES_BEFORE = timedelta(days=7)  # before the start: by then we would like the names

Vouched = Registration.Vouched


@dataclass(frozen=True, kw_only=True)
class Party:
    """heads: young people by age band; adults come beside them."""

    organisation: str
    heads: dict[str, int]
    adults: int
    borough: str


def register_group(
    *,
    event: Event,
    lead: Contact,
    party: Party,
    declares_consent: bool,
    now: datetime,
    vouched_by: str,
    idempotency: Idempotency | None = None,
    entry: WaitingListEntry | None = None,
) -> Registered:
    """Sign a party up, as far as it may go at once: a request, held places or valid tickets
    (party_claims.py).

    Its page opens in each of these states. The first ticket is the lead's: its code opens the whole party at
    the door. entry: an offer of the waiting list, or places that an organiser keeps for this school, whose
    places are used; those are an organiser's yes to it. vouched_by a person with the right to register
    others says yes for the under-16s as well.

    :raises InvalidInput: fields says why
    :raises EventFull: the party does not fit; carries places_left
    :raises SchoolFull: the school's other parties and this one are more than one school may bring
    :raises RegistrationClosed: not open now
    :raises OfferOver: the offer is over, or holds fewer places
    """
    _refuse_bad_input(event, lead, party, declares_consent)
    try:
        with transaction.atomic():
            event = Event.objects.lock(event.pk)
            _refuse_closed(event, entry, now)
            if entry is not None:
                vouched_by = voucher(entry=entry, lead=lead, otherwise=vouched_by)
            new = _new_registration(event, lead, party, idempotency, vouched_by)
            if new.vouched_by == Vouched.REGISTRAR or (entry is not None and entry.organisation):
                new = replace(new, accepted_at=now)
            registration = issue_request(new=new, now=now)
            advance(registration=registration, now=now, entry=entry)
    except (IntegrityError, Refusal):
        before = (
            idempotency
            and Registration.objects.filter(
                event=event, idempotency_scope=idempotency.scope, idempotency_key=key_digest(idempotency)
            ).first()
        )
        if not before:
            raise
        return Registered(before, list(before.tickets.order_by("serial")), replayed=True)
    return Registered(registration, list(registration.tickets.order_by("serial")), replayed=False)


def bands_of(*, event: Event) -> list[str]:
    """The age bands in which a party's young people can be, by the event's ages."""
    return [
        band
        for low, high, band in AGE_BANDS
        if band != "26-plus"
        and (event.min_age is None or high >= event.min_age)
        and (event.max_age is None or low <= event.max_age)
    ]


def names_due_at(*, event: Event) -> datetime:
    return event.starts_at - NAMES_BEFORE


def organisation_key(name: str) -> str:
    """A school's name as it is known again: without case, signs and spaces."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())[:200]


def lead_ticket(*, tickets: list[Ticket]) -> Ticket | None:
    """The ticket whose code stands for the whole party."""
    return min((one for one in tickets if one.is_adult_of_group), key=lambda one: one.serial, default=None)


def _refuse_closed(event: Event, entry: WaitingListEntry | None, now: datetime) -> None:
    """A request claims nothing yet, but is asked for while registration is open all the same."""
    if entry is None and (words := closed_words(event=event, now=now)):
        raise RegistrationClosed(words)


def _new_registration(
    event: Event, lead: Contact, party: Party, idempotency: Idempotency | None, vouched_by: str
) -> NewRegistration:
    return NewRegistration(
        event=event,
        lead=lead,
        kind=Registration.Kind.GROUP,
        source=Registration.Source.GROUP_FORM,
        organisation=party.organisation,
        organisation_key=organisation_key(party.organisation),
        adults=party.adults,
        asked_for={"heads": party.heads, "borough": party.borough},
        idempotency=idempotency,
        vouched_by=vouched_by,
        needs_proof=vouched_by not in VOUCHED,
    )


def adults_needed(*, heads: int) -> int:
    """How many adults the usual ratio asks for."""
    return -(-heads // YOUNG_PER_ADULT)


def _refuse_bad_input(event: Event, lead: Contact, party: Party, declares_consent: bool) -> None:
    heads = sum(party.heads.values())
    faults = {
        "organisation": name_fault(party.organisation),
        "name": name_fault(lead.name),
        "email": email_fault(lead.email),
        "phone": phone_fault(lead.phone),
        "heads": None if 1 <= heads <= MOST_HEADS else f"Bring between 1 and {MOST_HEADS} young people",
        "adults": None if 1 <= party.adults <= MOST_HEADS else "At least one adult comes with the group",
        "borough": None if party.borough in Borough.values else "Choose where your group is",
        "declared": None if declares_consent else "Say that you hold consent and contacts for your group",
    }
    if any(count < 0 for count in party.heads.values()) or not set(party.heads) <= set(AGE_BAND_LABELS):
        faults["heads"] = "Enter how many young people come, by age"
    elif not {band for band, count in party.heads.items() if count} <= set(bands_of(event=event)):
        faults["heads"] = "This event is not for all of these ages"
    found = {field: [words] for field, words in faults.items() if words}
    if found:
        raise InvalidInput("Check what you entered.", fields=found)
