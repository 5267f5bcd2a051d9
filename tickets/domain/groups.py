"""How does a school or a youth club come? Heads now, names later, one lead."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from events.boroughs import Borough
from events.domain.refusals import InvalidInput, Refusal
from events.models import Event
from outbox.domain.messages import Draft, queue_messages
from tickets.domain import codes
from tickets.domain.attendees import Contact
from tickets.domain.issuance import Idempotency, key_digest, new_reference, new_ticket
from tickets.domain.people import AGE_BAND_LABELS, AGE_BANDS, email_fault, name_fault, phone_fault
from tickets.domain.places import RegistrationClosed, claim_places, closed_words, issue_serials
from tickets.domain.registration import Registered
from tickets.domain.waiting import use_offer
from tickets.models import Registration, Ticket, WaitingListEntry

MOST_HEADS = 300  # young people of one party; a larger one comes as two
YOUNG_PER_ADULT = 10  # NSPCC's usual ratio for 13 to 18, as a note and not a refusal
NAMES_BEFORE = timedelta(days=7)  # before the start: by then we would like the names
REMIND_OF_NAMES = (timedelta(days=14), timedelta(days=8))  # before the start


class SchoolFull(Refusal):
    slug = "school-full"
    title = "This school has all the places that one school can have"


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
    entry: WaitingListEntry | None = None,
) -> Registered:
    """Give a party a ticket for each young person and adult; names may follow. All are valid at once.

    The first ticket is the lead's: its code opens the whole party at the door. entry: an offer of the
    waiting list, or places that an organiser keeps for this school, whose places are used.

    :raises InvalidInput: fields says why
    :raises EventFull: the party does not fit; carries places_left
    :raises SchoolFull: the school's other parties and this one are more than one school may bring
    :raises RegistrationClosed: not open now
    :raises OfferOver: the offer is over, or holds fewer places
    """
    _refuse_bad_input(event, lead, party, declares_consent)
    try:
        with transaction.atomic():
            first_serial = _claim(event, party, entry, now)
            _refuse_above_cap(event, party)
            registration = _new_registration(event, lead, party, idempotency, now)
            tickets = _new_tickets(registration, party, first_serial, now)
            if entry is not None:
                entry.registration = registration
                use_offer(entry=entry, places=len(tickets), now=now)
            queue_messages(drafts=_drafts(registration, event, now), now=now)
    except (IntegrityError, Refusal):
        before = idempotency and Registration.objects.filter(
            event=event, idempotency_scope=idempotency.scope, idempotency_key=key_digest(idempotency)
        ).first()  # fmt: skip
        if not before:
            raise
        return Registered(before, list(before.tickets.order_by("serial")), replayed=True)
    return Registered(registration, tickets, replayed=False)


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


def _claim(event: Event, party: "Party", entry: WaitingListEntry | None, now: datetime) -> int:
    total = sum(party.heads.values()) + party.adults
    if entry is None:
        return claim_places(event=event, places=total, now=now)
    use_offer(entry=entry, places=total, now=now, check_only=True)
    if event.status != Event.Status.PUBLISHED or now >= event.ends_at:
        raise RegistrationClosed(closed_words(event=event, now=now))
    return issue_serials(event=event, count=total)


def _refuse_above_cap(event: Event, party: "Party") -> None:
    if event.most_per_school is None:
        return
    there = (
        Ticket.objects.taking_a_place()
        .filter(event=event, registration__organisation_key=organisation_key(party.organisation))
        .count()
    )
    if there + sum(party.heads.values()) + party.adults > event.most_per_school:
        left = max(0, event.most_per_school - there)
        raise SchoolFull(
            f"One school or club can have {event.most_per_school} places. {left} of yours are left.",
            details={"places_left": left},
        )


def _new_registration(event, lead, party, idempotency, now) -> Registration:
    registration = Registration(
        event=event,
        reference=new_reference(),
        kind=Registration.Kind.GROUP,
        source=Registration.Source.GROUP_FORM,
        lead_name=lead.name.strip(),
        lead_email=lead.email.strip(),
        lead_phone=lead.phone.strip(),
        organisation=party.organisation.strip(),
        organisation_key=organisation_key(party.organisation),
        adults=party.adults,
        idempotency_scope=idempotency.scope if idempotency else "",
        idempotency_key=key_digest(idempotency) if idempotency else "",
        created_at=now,
    )
    registration.owner_fingerprint = codes.fingerprint(codes.owner_secret(registration))
    registration.save(force_insert=True)
    return registration


def _new_tickets(registration, party, first_serial, now) -> list[Ticket]:
    """Adults first, the lead before all; the lead is no person of ours, as nobody counts them."""
    kinds = [("26-plus", True)] * party.adults
    kinds += [(band, False) for band in AGE_BAND_LABELS for _ in range(party.heads.get(band, 0))]
    return Ticket.objects.bulk_create(
        new_ticket(
            registration=registration,
            serial=first_serial + place,
            name=registration.lead_name if place == 0 else "",
            age=None,
            age_band=band,
            borough=party.borough,
            is_adult_of_group=is_adult,
            now=now,
        )
        for place, (band, is_adult) in enumerate(kinds)
    )


def _drafts(registration: Registration, event: Event, now: datetime) -> list[Draft]:
    context = {"registration": registration.pk}
    drafts = [Draft(purpose="registered", key=f"registration:{registration.pk}", context=context)]
    for number, before in enumerate(REMIND_OF_NAMES):
        if (at := event.starts_at - before) > now + timedelta(days=1):
            key = f"registration:{registration.pk}:{number}"
            drafts.append(Draft(purpose="names", key=key, context=context, send_at=at))
    return drafts


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
