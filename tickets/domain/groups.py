"""How does a school or a youth club come? Heads now, names later, one lead."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from events.boroughs import Borough
from events.domain.refusals import InvalidInput
from events.models import Event
from outbox.domain.messages import queue_message
from tickets.domain import codes
from tickets.domain.people import AGE_BAND_LABELS, email_fault, name_fault, phone_fault
from tickets.domain.places import claim_places
from tickets.domain.registration import (
    Contact,
    Idempotency,
    Registered,
    key_digest,
    new_reference,
    new_ticket,
)
from tickets.models import Registration, Ticket

MOST_HEADS = 60  # young people of one party; a larger one writes to us
YOUNG_PER_ADULT = 10  # NSPCC's usual ratio for 13 to 18, as a note and not a refusal


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
    idempotency: Idempotency | None = None,
) -> Registered:
    """Give a party a ticket for each young person and adult; names may follow. All are valid at once.

    :raises InvalidInput: fields says why
    :raises EventFull: the party does not fit; carries places_left
    :raises RegistrationClosed: not open now
    """
    _refuse_bad_input(lead, party, declares_consent)
    total = sum(party.heads.values()) + party.adults
    try:
        with transaction.atomic():
            first_serial = claim_places(event=event, places=total, now=now)
            registration = Registration(
                event=event,
                reference=new_reference(),
                kind=Registration.Kind.GROUP,
                source=Registration.Source.GROUP_FORM,
                lead_name=lead.name.strip(),
                lead_email=lead.email.strip(),
                lead_phone=lead.phone.strip(),
                organisation=party.organisation.strip(),
                adults=party.adults,
                idempotency_scope=idempotency.scope if idempotency else "",
                idempotency_key=key_digest(idempotency) if idempotency else "",
                created_at=now,
            )
            registration.owner_fingerprint = codes.fingerprint(codes.owner_secret(registration))
            registration.save(force_insert=True)
            bands = [band for band, heads in party.heads.items() for _ in range(heads)]
            kinds = [(band, False) for band in bands] + [("26-plus", True)] * party.adults
            tickets = Ticket.objects.bulk_create(
                new_ticket(
                    registration=registration,
                    serial=first_serial + place,
                    age=None,
                    age_band=band,
                    borough=party.borough,
                    is_adult_of_group=is_adult,
                    now=now,
                )
                for place, (band, is_adult) in enumerate(kinds)
            )
            queue_message(
                purpose="registered",
                key=f"registration:{registration.pk}",
                context={"registration": registration.pk},
                now=now,
            )
    except IntegrityError:
        if idempotency is None:
            raise
        before = Registration.objects.get(
            event=event, idempotency_scope=idempotency.scope, idempotency_key=key_digest(idempotency)
        )
        return Registered(before, list(before.tickets.order_by("serial")), replayed=True)
    return Registered(registration, tickets, replayed=False)


def adults_needed(*, heads: int) -> int:
    """How many adults the usual ratio asks for."""
    return -(-heads // YOUNG_PER_ADULT)


def _refuse_bad_input(lead: Contact, party: Party, declares_consent: bool) -> None:
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
    found = {field: [words] for field, words in faults.items() if words}
    if found:
        raise InvalidInput("Check what you entered.", fields=found)
