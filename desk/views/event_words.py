"""In which words does the desk say how an edition stands, and which step comes next?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse

from desk.domain.event_progress import Progress
from desk.domain.turnout import Turnout
from events.domain.capacity import Ceiling
from events.models import Booking, Event, Session


@dataclass(frozen=True)
class Link:
    """Where one may go from here."""

    words: str
    address: str


@dataclass(frozen=True)
class Check:
    """Something that has to be so before the day."""

    words: str
    is_done: bool


@dataclass(frozen=True)
class SessionLine:
    """A session as the table shows it; places as "5 of 30"."""

    starts_at: datetime
    ends_at: datetime
    title: str
    space: str
    places: str


@dataclass(frozen=True)
class DoorFigure:
    """People through the door, or, until it opens, as many as are expected."""

    number: str
    words: str


@dataclass(frozen=True)
class Stage:
    """Where the edition is between its first plan and its end, seen by somebody who plans or does not."""

    is_draft: bool
    is_public: bool
    has_begun: bool
    is_over: bool
    plans: bool

    @property
    def stands(self) -> bool:
        return self.is_draft or self.is_public


def stage_of(event: Event, *, plans: bool, now: datetime) -> Stage:
    return Stage(
        is_draft=event.status == Event.Status.DRAFT,
        is_public=event.status == Event.Status.PUBLISHED,
        has_begun=event.starts_at <= now,
        is_over=event.ends_at <= now,
        plans=plans,
    )


def next_step(event: Event, stage: Stage) -> Link | None:
    if stage.plans and stage.is_draft:
        return Link("Publish", reverse("desk-event-publish", args=[event.slug]))
    if not stage.is_public:
        return None
    if not stage.is_over:
        words = "See the door live" if stage.has_begun else "Set up the door"
        return Link(words, reverse("desk-door-live", args=[event.slug]))
    if stage.plans:
        return Link("Close the books", reverse("desk-event-close", args=[event.slug]))
    return None


def day_links(event: Event, stage: Stage) -> list[Link]:
    """On the day and after."""
    links = [Link("Meeting points for encounters", reverse("meeting-points", args=[event.slug]))]
    if stage.has_begun:
        links.append(Link("Evidence for schools", reverse("reach-schools", args=[event.slug])))
    return links


def larger_steps(event: Event, stage: Stage) -> list[Link]:
    offered = (
        (
            stage.stands and not stage.has_begun,
            "Move it to another time or place",
            "desk-event-move",
        ),
        (True, "Plan another one like it", "desk-event-copy"),
        (stage.stands and not stage.is_over, "Cancel it", "desk-event-cancel"),
    )
    return [Link(words, reverse(page, args=[event.slug])) for may, words, page in offered if may]


def door_figure(*, progress: Progress, turnout: Turnout | None, stage: Stage) -> DoorFigure:
    if turnout is None or stage.has_begun:
        return DoorFigure(intcomma(progress.came), "came through the door")
    span = f"{intcomma(turnout.at_least)} to {intcomma(turnout.at_most)}"
    return DoorFigure(intcomma(turnout.expected), f"expected to come ({span})")


def checks_of(
    event: Event,
    *,
    bookings: Sequence[Booking],
    sessions: Sequence[Session],
    exhibitors: int,
    ceiling: Ceiling,
) -> list[Check]:
    """What has to be so before the day, in the order in which it is usually done."""
    safe = f": {event.safe_capacity}" if event.safe_capacity else ""
    return [
        Check("Venue chosen", event.venue is not None),
        Check("Space booked", bool(bookings)),
        Check("Capacity confirmed by the venue", bool(bookings) and not ceiling.is_estimate),
        Check(f"Safe capacity known{safe}", bool(safe)),
        Check("Sessions planned", bool(sessions)),
        Check(f"Exhibitors: {exhibitors}", exhibitors > 0),
        Check("Published", event.status != Event.Status.DRAFT),
    ]


def to_look_at(*, ceiling: Ceiling, homeless: Sequence[Session], peak: str) -> list[str]:
    """homeless: sessions in a space that is not booked for all of their time."""
    lost = [
        f"{session.title} is in {session.space}, which is not booked for all of its time."
        for session in homeless
    ]
    return [*ceiling.warnings, *lost, *([peak] if peak else [])]


def session_lines(sessions: Sequence[Session]) -> list[SessionLine]:
    return [
        SessionLine(
            one.starts_at,
            one.ends_at,
            one.title,
            str(one.space or "Not known yet"),
            f"{one.places_taken}, open" if one.capacity is None else f"{one.places_taken} of {one.capacity}",
        )
        for one in sessions
    ]
