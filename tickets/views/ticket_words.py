"""In which words does the owner's page say what stands, and what may be changed?"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from events.models import Venue
from tickets.domain.groups import adults_needed, names_due_at
from tickets.domain.party_claims import ASK_ABOVE, heads_of
from tickets.models import Registration, Ticket

CONFIRMED, ON_HOLD, REQUESTED = (
    Registration.State.CONFIRMED,
    Registration.State.ON_HOLD,
    Registration.State.REQUESTED,
)
TITLES = {REQUESTED.value: "Your group", ON_HOLD.value: "We hold your place"}


@dataclass(frozen=True)
class Head:
    """What the page says first. lead is empty where the ticket itself says it."""

    title: str
    heading: str
    lead: str


@dataclass(frozen=True)
class GroupWords:
    """Who is in the group; names and action are empty as long as there are no tickets."""

    heads: str
    names: str
    action: str


@dataclass(frozen=True)
class TicketChange:
    """Something that may be changed about one ticket."""

    serial: int
    words: str
    address: str


@dataclass(frozen=True)
class WayThere:
    """How to get to the venue."""

    name: str
    address: str
    directions: str
    step_free: str


def head_of(registration: Registration, tickets: list[Ticket]) -> Head:
    if registration.ended_at:
        return Head("This is over", "This registration is over", f"{registration.get_state_display()}.")
    title = TITLES.get(registration.state, "Your ticket")
    if registration.kind == Registration.Kind.GROUP and registration.state != CONFIRMED:
        return Head(title, *_group_waits(registration, tickets))
    if registration.state == ON_HOLD:
        return Head(title, "We hold your place", _held_until(registration))
    return Head(title, "You are in.", "")


def group_words(registration: Registration, tickets: list[Ticket]) -> GroupWords | None:
    """None for whoever came alone."""
    if registration.kind != Registration.Kind.GROUP:
        return None
    adults, heads = _adults_and_heads(registration, tickets)
    young = heads - adults
    said = (
        f"{young} young {'person' if young == 1 else 'people'} and {adults} "
        f"adult{'' if adults == 1 else 's'}."
    )
    if adults:
        said += f" That is one adult for every {-(-young // adults)}."
    if adults < adults_needed(heads=young):
        said += f" We suggest at least {adults_needed(heads=young)} adults."
    if not tickets:
        return GroupWords(said, "", "")
    unnamed = sum(not one.name for one in tickets)
    if not unnamed:
        return GroupWords(said, "All tickets have a name.", "See the names")
    need = "ticket still needs" if unnamed == 1 else "tickets still need"
    due = date_format(localtime(names_due_at(event=registration.event)), "l j F")
    return GroupWords(said, f"{unnamed} {need} a name, by {due}.", "Add the names")


def way_to(venue: Venue | None) -> WayThere | None:
    if venue is None:
        return None
    step_free = f"Step-free: {venue.get_step_free_display().lower()}."
    if venue.step_free == "not-confirmed":
        step_free += " We are asking the venue. Tell us what you need."
    address = ", ".join(filter(None, [venue.address, venue.postcode]))
    return WayThere(venue.name, address, venue.directions, step_free)


def changes_of(
    ticket: Ticket, *, secret: str, has_sessions: bool, has_contact: bool, is_one_of_many: bool
) -> list[TicketChange]:
    is_valid = ticket.state == Ticket.State.VALID
    is_group = ticket.registration.kind == Registration.Kind.GROUP
    may_choose = has_sessions and (is_valid or (is_group and ticket.state == Ticket.State.ON_HOLD))
    offered = [
        (may_choose, "Choose sessions", "owner-sessions"),
        (True, "Correct the name", "owner-name"),
        (has_contact, "Whom we call on the day", "owner-contact"),
        (is_valid, "Get a new code", "owner-reissue"),
        (is_one_of_many, "Cancel this ticket", "owner-cancel-ticket"),
    ]
    return [
        TicketChange(ticket.serial, words, reverse(page, args=[secret, ticket.serial]))
        for is_offered, words, page in offered
        if is_offered
    ]


def asks_equality(registration: Registration) -> bool:
    is_alone = registration.kind == Registration.Kind.INDIVIDUAL
    return is_alone and registration.event.asks_equality and registration.state == CONFIRMED


def _group_waits(registration: Registration, tickets: list[Ticket]) -> tuple[str, str]:
    if registration.state == REQUESTED:
        lead = "A person in our team looks at your group and writes to you."
        if registration.needs_proof:
            _, heads = _adults_and_heads(registration, tickets)
            then = (
                "Then a person in our team looks at your group."
                if heads > ASK_ABOVE
                else "Then your group gets its places, if they are still free."
            )
            lead = f"First show that your e-mail address is yours: we sent you one mail with a link. {then}"
        return "We have your request", f"{lead} No places are held until then."
    now = "You can add names and choose sessions now. Codes and papers come after that."
    if registration.needs_proof:
        until = _moment(registration.hold_until, "l H:i")
        lead = f"We sent you one mail. Tap its link until {until}, to show that your e-mail address is yours."
    else:
        lead = "Some of your group are under 16, so a person in our team looks at it first and writes to you."
    return "We hold your places", f"{lead} {now}"


def _held_until(registration: Registration) -> str:
    if registration.needs_proof:
        until = _moment(registration.hold_until, "H:i")
        return f"We wrote to you. Tap the link in that email until {until}, and the place is yours."
    until = _moment(registration.hold_until, "l j F, H:i")
    return f"A parent or guardian has to say yes. We wrote to them. Until {until} your place is safe."


def _adults_and_heads(registration: Registration, tickets: list[Ticket]) -> tuple[int, int]:
    """A request has no tickets yet: its numbers are those that were asked for."""
    if registration.state == REQUESTED:
        return registration.adults, heads_of(registration=registration)
    return sum(one.is_adult_of_group for one in tickets), len(tickets)


def _moment(at: datetime | None, how: str) -> str:
    return date_format(localtime(at), how) if at else ""
