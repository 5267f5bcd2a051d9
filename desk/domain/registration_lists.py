"""Which registrations of an edition fit what an organiser asks for?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.models import Event
from people.domain.names import fold_name
from tickets.models import Registration, Ticket

PAGE = 50
SHORTEST_SEARCH = 2  # characters
MOST_FOUND = 10_000  # registrations with one word in their names; a longer word finds fewer
UNPROVEN = "unproven"  # who has not shown that the address is theirs
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list shall show; an empty string asks for nothing."""

    search: str = ""
    state: str = ""  # of a registration, "blocked" for those with a blocked ticket, or UNPROVEN
    kind: str = ""
    band: str = ""
    borough: str = ""
    since: datetime | None = None  # registered then or later
    until: datetime | None = None  # registered before then

    @property
    def is_anything(self) -> bool:
        """Nothing is asked for, or too little to narrow the list."""
        return self == Wanted(search=self.search) and len(self.search.strip()) < SHORTEST_SEARCH


@dataclass(frozen=True)
class Listed:
    """rows: newest first, each with its tickets. after: the cursor of the next page, empty on the last."""

    rows: list[Registration]
    after: str


def registrations(*, event: Event, wanted: Wanted) -> QuerySet[Registration]:
    """Those that fit, newest first. A word is looked for in references, names, schools and addresses."""
    found = Registration.objects.filter(event=event, erased_at__isnull=True)
    tickets = Ticket.objects.filter(registration=OuterRef("pk"))
    text = wanted.search.strip()
    if len(text) >= SHORTEST_SEARCH:
        found = found.filter(
            Q(reference__iexact=text) | Q(lead_email__icontains=text) | Q(pk__in=_named(event, text))
        )
    if wanted.state == Ticket.State.BLOCKED:
        found = found.filter(Exists(tickets.filter(state=Ticket.State.BLOCKED)))
    elif wanted.state == UNPROVEN:
        found = found.filter(needs_proof=True, ended_at__isnull=True)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.since:
        found = found.filter(created_at__gte=wanted.since)
    if wanted.until:
        found = found.filter(created_at__lt=wanted.until)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.band:
        found = found.filter(Exists(tickets.filter(age_band=wanted.band)))
    if wanted.borough:
        found = found.filter(Exists(tickets.filter(borough=wanted.borough)))
    return found.order_by("-created_at", "-pk")


def _named(event: Event, text: str) -> list[int]:
    """Registrations of which a name or the school holds the text, as names are folded: the newest of them.

    Databases fold names each in its own way, so the event's names are read and compared here. One query.
    """
    wanted = fold_name(text)
    here = Registration.objects.filter(event=event)
    names = here.values_list("pk", "lead_name").union(
        here.exclude(organisation="").values_list("pk", "organisation"),
        Ticket.objects.filter(event=event).exclude(name="").values_list("registration_id", "name"),
    )
    return nlargest(MOST_FOUND, {pk for pk, name in names if wanted in fold_name(name)})


def page_of(*, event: Event, wanted: Wanted, after: str = "", most: int = PAGE) -> Listed:
    """One page of them. Two queries. A cursor that is none starts at the beginning."""
    found = registrations(event=event, wanted=wanted)
    if place := _place(after):
        moment, pk = place
        found = found.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))
    rows = list(found.prefetch_related("tickets")[: most + 1])
    more = len(rows) > most
    rows = rows[:most]
    return Listed(rows, _cursor(rows[-1]) if more else "")


def _cursor(row: Registration) -> str:
    return f"{(row.created_at - _EPOCH) // _MICROSECOND}-{row.pk}"


def _place(cursor: str) -> tuple[datetime, int] | None:
    moment, _, pk = cursor.partition("-")
    if not (moment.isdecimal() and pk.isdecimal() and len(moment) <= 16 and len(pk) <= 18):
        return None
    return _EPOCH + int(moment) * _MICROSECOND, int(pk)
