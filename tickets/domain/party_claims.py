"""When does a party have its places, and when do its tickets admit?

A party goes up to three steps: a request, which holds nothing; held places; valid tickets. `advance` takes
it as far as it may go: when it was sent, when its lead proved the address, when an organiser said yes.

- Up to MOST_HELD heads in all, whose lead's address nobody vouches for, are held for HELD_FOR; all such
  parties together hold at most HELD_SHARE of the edition. What is larger, or does not fit that share, is a
  request until the address is proved: nobody is told to come back later, and no machine holds more.
- Above ASK_ABOVE heads in all a party is a request until an organiser says yes, whoever vouches.
- Whoever is under 16 has a guardian each or somebody who answers for the whole group: a proved address
  alone frees no child from the guardian rule.
- A school's cap counts what is proved and accepted: nobody uses up a school's places by typing its name.
"""

from datetime import datetime, timedelta

from events.models import Event
from foundation.refusals import Refusal
from outbox.domain.mail_queue import Draft, queue_messages
from people.domain.age_bands import AGE_BAND_LABELS, AGE_BANDS
from tickets.domain.age_rules import waits_for_guardian
from tickets.domain.attendees import Contact
from tickets.domain.issuance import NewTicket, issue_tickets
from tickets.domain.places import claim_places, issue_serials, refuse_full
from tickets.domain.waiting_list import use_offer
from tickets.models import Registration, Ticket, WaitingListEntry

MOST_HELD = 40  # heads in all of one party, adults among them, while its lead's address is not proved
HELD_SHARE = 0.10  # of the capacity, by all such parties together
HELD_FOR = timedelta(hours=2)
ASK_ABOVE = 60  # heads in all: a larger party waits for an organiser
REMIND_OF_NAMES = (timedelta(days=14), timedelta(days=8))  # before the start

State = Registration.State
VOUCHED = (Registration.Vouched.ADDRESS, Registration.Vouched.REGISTRAR, Registration.Vouched.SUPERVISOR)


class SchoolFull(Refusal):
    slug = "school-full"
    title = "This school has all the places that one school can have"


def advance(*, registration: Registration, now: datetime, entry: WaitingListEntry | None = None) -> None:
    """Take a party as far as it may go, inside the caller's transaction, which holds the event. Tell its
    lead.

    entry: an offer, whose places are claimed already. A registration that goes no further is left alone.

    :raises EventFull: the party does not fit; carries places_left
    :raises RegistrationClosed: not open now
    :raises SchoolFull: with it the school has more than one school may bring
    :raises OfferOver: the offer is over, or holds fewer places
    """
    before = registration.state
    refuse_above_cap(event=registration.event, registration=registration)
    if registration.state == State.REQUESTED:
        if holds_nothing(registration=registration, is_offered=entry is not None):
            refuse_full(event=registration.event, places=heads_of(registration=registration))
        else:
            _claim(registration, entry, now)
    if registration.state == State.ON_HOLD and not registration.needs_proof:
        registration.hold_until = None
        if somebody_answers_for_children(registration=registration):
            registration.tickets.filter(state=Ticket.State.ON_HOLD).update(
                state=Ticket.State.VALID, changed_at=now
            )
            registration.state = State.CONFIRMED
    registration.save()
    queue_messages(drafts=_drafts(registration, before, now), now=now)


def heads_of(*, registration: Registration) -> int:
    """Heads in all: young people and adults, as they were asked for."""
    return sum((registration.asked_for or {}).get("heads", {}).values()) + registration.adults


def holds_nothing(*, registration: Registration, is_offered: bool = False) -> bool:
    """Whether the party is a request still. is_offered: its places are claimed, by the waiting list.

    One query at most.
    """
    heads = heads_of(registration=registration)
    if heads > ASK_ABOVE:
        return registration.accepted_at is None
    if not registration.needs_proof or is_offered:
        return False
    return (
        heads > MOST_HELD or _unproved(registration.event) + heads > HELD_SHARE * registration.event.capacity
    )


def somebody_answers_for_children(*, registration: Registration) -> bool:
    """True where no under-16 of the party has to wait for a guardian: there is none, or an organiser said
    yes.

    Here a school that writes from the domain of its web address in the register will answer too.
    """
    if registration.accepted_at is not None:
        return True
    heads = (registration.asked_for or {}).get("heads", {})
    return not any(
        waits_for_guardian(event=registration.event, age=low) for low, _, band in AGE_BANDS if heads.get(band)
    )


def refuse_above_cap(*, event: Event, registration: Registration) -> None:
    """Adults count too. Other parties count once they are proved and accepted. One query, where there is a
    cap.

    :raises SchoolFull: the school's other parties and this one are more than one school may bring
    """
    if event.most_per_school is None:
        return
    there = (
        Ticket.objects.taking_a_place()
        .filter(event=event, registration__organisation_key=registration.organisation_key)
        .filter(registration__state=State.CONFIRMED)
        .exclude(registration=registration)
        .count()
    )
    if there + heads_of(registration=registration) > event.most_per_school:
        left = max(0, event.most_per_school - there)
        raise SchoolFull(
            f"One school or club can have {event.most_per_school} places. {left} of yours are left.",
            details={"places_left": left},
        )


def _unproved(event: Event) -> int:
    """Places that parties hold whose leads' addresses are not proved."""
    return (
        Ticket.objects.taking_a_place()
        .filter(event=event, registration__kind=Registration.Kind.GROUP, registration__needs_proof=True)
        .count()
    )


def _claim(registration: Registration, entry: WaitingListEntry | None, now: datetime) -> None:
    """Its places and its tickets, on hold."""
    total = heads_of(registration=registration)
    first_serial = _first_serial(registration.event, total, entry, now)
    registration.state, registration.places_claimed = State.ON_HOLD, total
    registration.hold_until = now + HELD_FOR if registration.needs_proof else None
    registration.save()
    issue_tickets(
        registration=registration, tickets=_new_tickets(registration), first_serial=first_serial, now=now
    )
    if entry is not None:
        entry.registration = registration
        use_offer(entry=entry, places=total, now=now)


def _first_serial(event: Event, total: int, entry: WaitingListEntry | None, now: datetime) -> int:
    if entry is None:
        return claim_places(event=event, places=total, now=now)
    use_offer(entry=entry, places=total, now=now, check_only=True)
    return issue_serials(event=event, count=total, now=now)


def _new_tickets(registration: Registration) -> list[NewTicket]:
    """Adults first, the lead before all."""
    asked = registration.asked_for or {}
    kinds = [("26-plus", True)] * registration.adults
    kinds += [(band, False) for band in AGE_BAND_LABELS for _ in range(asked["heads"].get(band, 0))]
    return [
        NewTicket(
            name=registration.lead_name if place == 0 else "",
            own=Contact(name=registration.lead_name, email=registration.lead_email),
            may_have_another=True,
            borough=asked["borough"],
            age=None,
            age_band=band,
            is_on_hold=True,
            is_adult_of_group=is_adult,
        )
        for place, (band, is_adult) in enumerate(kinds)
    ]


def _drafts(registration: Registration, before: str, now: datetime) -> list[Draft]:
    """Until the address is proved it has one mail, which asks for that and says nothing else."""
    context = {"registration": registration.pk}
    key = f"registration:{registration.pk}"
    if registration.needs_proof:
        return [Draft(purpose="prove-address", key=key, context=context)]
    if registration.state != State.CONFIRMED:
        return [Draft(purpose="group-waits", key=f"{key}:{registration.state}", context=context)]
    if before == State.CONFIRMED:
        return []
    drafts = [Draft(purpose="registered", key=key, context=context)]
    for number, ahead in enumerate(REMIND_OF_NAMES):
        if (at := registration.event.starts_at - ahead) > now + timedelta(days=1):
            drafts.append(Draft(purpose="names", key=f"{key}:{number}", context=context, send_at=at))
    return drafts
