"""Which person is a ticket's? Asked when tickets are issued and when a name, an age or a contact changes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from events.models import Event
from people.domain.birth_times import born
from people.domain.keys import Identity, keys_of
from people.domain.matching import (
    Kind,
    Known,
    Sighting,
    choose,
    keep_keys,
    known_by,
    lock_keys,
    new_people,
)
from people.domain.merges import merge_person
from people.domain.names import fold_name
from people.domain.near_names import likeness
from tickets.models import Guardian, Registration, Ticket


def people_for(*, event: Event, identities: Sequence[Identity], now: datetime) -> list[int]:
    """Ids of the persons whom these tickets are for, known ones or new, inside the caller's transaction.

    Three queries; two more where somebody is known. A known one who may have no second ticket at this event
    is answered all the same, and the table refuses the ticket.
    """
    keys = [keys_of(one) for one in identities]
    asked = [key for some in keys for key in some]
    lock_keys(asked)
    known = _known(asked)
    chosen: list[int | None] = []
    for identity, some in zip(identities, keys, strict=True):
        person = choose(identity=identity, keys=some, known=known, event_id=event.pk)
        chosen.append(None if person in chosen else person)
    new = iter(new_people(number=chosen.count(None), now=now))
    people = [person if person is not None else next(new).pk for person in chosen]
    keep_keys(keys_by_person=zip(people, keys, strict=True))
    return people


def know_again(*, ticket: Ticket, now: datetime) -> None:
    """Remember the keys that a corrected age or contact gives the ticket's person.

    Where an address leads to exactly one other, who never had a ticket at the same event and can be of that
    age, the two are one from now on.
    """
    if ticket.person_id is None or not ticket.name:
        return
    identity = identity_of(ticket)
    keys = keys_of(identity)
    lock_keys(keys)
    known = _known(keys, also=[ticket.person_id])
    own = known.same.of(ticket.person_id)
    others = {
        one for kind, digest in keys if kind == Kind.EMAIL for one in known.holders.get((kind, digest), ())
    } - {own}
    keep_keys(keys_by_person=[(ticket.person_id, keys)])
    if len(others) == 1 and _can_be_one(known, own, other := others.pop()):
        merge_person(person_id=own, into_id=other, now=now)


def person_after_renaming(*, ticket: Ticket, name: str, now: datetime) -> int:
    """The person of a ticket that gets this name: the same one where it is put right, else somebody else."""
    before, after = fold_name(ticket.name) if ticket.name else "", fold_name(name)
    is_put_right = bool(before) and (before == after or bool(likeness(before, after)))
    ticket.name = name
    identity = identity_of(ticket)
    if not (is_put_right and ticket.person_id):
        (person,) = people_for(event=ticket.event, identities=[identity], now=now)
        return person
    keys = keys_of(identity)
    lock_keys(keys)
    there = choose(identity=identity, keys=keys, known=_known(keys), event_id=ticket.event_id)
    if there is not None and _has_another_ticket(ticket, there):
        return there  # which the table refuses
    know_again(ticket=ticket, now=now)
    return ticket.person_id


def identity_of(ticket: Ticket) -> Identity:
    """Of a ticket that is there. A party's names come with its school; only its lead has an address."""
    registration = ticket.registration
    guardian = Guardian.objects.filter(ticket=ticket).first()
    is_group = registration.kind == Registration.Kind.GROUP
    is_lead = fold_name(registration.lead_name) == fold_name(ticket.name)
    emails, phones = [], []
    if is_lead or not is_group:
        emails.append(registration.lead_email)
    if is_lead and not is_group:
        phones.append(registration.lead_phone)
    if guardian is not None:
        emails.append(guardian.email)
        phones.append(guardian.phone)
    return Identity(
        name=ticket.name,
        day=ticket.event.starts_at.date(),
        age=ticket.age,
        age_band=ticket.age_band,
        emails=tuple(filter(None, emails)),
        phones=tuple(filter(None, phones)),
        school="" if ticket.is_adult_of_group else registration.organisation_key,
        is_unique=not is_group,
    )


def _known(keys: Iterable, also: Sequence[int] = ()) -> Known:
    known = known_by(keys)
    people = {person for some in known.holders.values() for person in some} | set(also)
    if people:
        known.add(_sightings(known.same.with_all(people)))
    return known


def _sightings(people: set[int]) -> list[Sighting]:
    rows = Ticket.objects.filter(person__in=people).values_list(
        "person_id", "event_id", "age", "age_band", "event__starts_at", "state"
    )
    return [
        Sighting(
            person,
            event,
            born(age=age, band=band, day=starts_at.date()),
            state != Ticket.State.CANCELLED,
        )
        for person, event, age, band, starts_at, state in rows
    ]


def _can_be_one(known: Known, one: int, other: int) -> bool:
    sightings = known.seen.get(one, [])
    return all(
        known.allows(other, seen.born, 1.0)
        and not (seen.is_standing and known.at_event(other, seen.event_id) is not None)
        for seen in sightings
    )


def _has_another_ticket(ticket: Ticket, person: int) -> bool:
    return (
        Ticket.objects.filter(person=person, event=ticket.event_id)
        .exclude(state=Ticket.State.CANCELLED)
        .exclude(pk=ticket.pk)
        .exists()
    )
