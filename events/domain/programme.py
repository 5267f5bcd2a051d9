"""What is on at an edition: which sessions and which exhibitors?"""

from datetime import datetime
from typing import Any

from django.db import transaction

from events.domain.planning import add_session
from events.models import Event, Exhibitor, Session
from foundation.refusals import InvalidInput, Refusal


class SessionHasPeople(Refusal):
    slug = "session-has-people"
    title = "People have chosen this session"


def plan_session(
    *,
    event: Event,
    slug: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    strands: Any = (),
    exhibitors: Any = (),
    **fields: Any,
) -> Session:
    """Add a session with its strands and exhibitors.

    :raises InvalidInput: as add_session
    """
    with transaction.atomic():
        session = add_session(
            event=event, slug=slug, title=title, starts_at=starts_at, ends_at=ends_at, **fields
        )
        session.strands.set(strands)
        session.exhibitors.set(exhibitors)
    return session


def change_session(
    *,
    session: Session,
    strands: Any = None,
    exhibitors: Any = None,
    under_people: bool = False,
    **fields: Any,
) -> Session:
    """Change a session that nobody has chosen as one likes; of one that was chosen, all but its time.

    under_people: whoever calls this tells them (desk.domain.event_changes.move_session).

    :raises InvalidInput: outside the event's time
    :raises SessionHasPeople: its time would change under people, or its places fall below those taken
    """
    with transaction.atomic():
        session = Session.objects.select_for_update().select_related("event").get(pk=session.pk)
        before = (session.starts_at, session.ends_at)
        for name, value in fields.items():
            setattr(session, name, value)
        _refuse_bad_session(session)
        moves = (session.starts_at, session.ends_at) != before
        if moves and session.places_taken and not under_people:
            words = f"{session.places_taken} people have chosen this session at its time"
            raise SessionHasPeople(
                f"{words}. Move it on a page of its own, so that they are told.",
                fields={"starts_at": [words]},
            )
        if session.capacity is not None and session.capacity < session.places_taken:
            words = f"{session.places_taken} places are taken"
            raise SessionHasPeople(f"{words}. Choose at least that many.", fields={"capacity": [words]})
        session.save(update_fields=list(fields))
        if strands is not None:
            session.strands.set(strands)
        if exhibitors is not None:
            session.exhibitors.set(exhibitors)
    return session


def remove_session(*, session: Session) -> None:
    """:raises SessionHasPeople: somebody has a place in it"""
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=session.pk)
        if session.places_taken:
            raise SessionHasPeople(
                f"{session.places_taken} people have chosen {session.title}. "
                "It cannot be taken away under them."
            )
        session.delete()


def save_exhibitor(
    *,
    event: Event,
    slug: str,
    name: str,
    exhibitor: Exhibitor | None = None,
    strands: Any = (),
    **fields: Any,
) -> Exhibitor:
    """Add an exhibitor, or change one. The address (slug) of one that is there stays.

    :raises InvalidInput: another exhibitor of the event has this address
    """
    with transaction.atomic():
        if exhibitor is None:
            if event.exhibitors.filter(slug=slug).exists():
                words = "Another exhibitor of this edition has this name"
                raise InvalidInput(words, fields={"name": [words]})
            exhibitor = Exhibitor(event=event, slug=slug)
        exhibitor.name = name.strip()
        for field, value in fields.items():
            setattr(exhibitor, field, value)
        exhibitor.save()
        exhibitor.strands.set(strands)
    return exhibitor


def remove_exhibitor(*, exhibitor: Exhibitor) -> None:
    exhibitor.delete()


def _refuse_bad_session(session: Session) -> None:
    faults: dict[str, list[str]] = {}
    event = session.event
    if session.ends_at <= session.starts_at:
        faults["ends_at"] = ["The end must be after the start"]
    if session.starts_at < event.starts_at or session.ends_at > event.ends_at:
        faults["starts_at"] = ["A session lies inside its event's time"]
    if faults:
        raise InvalidInput("Check the session.", fields=faults)
