"""How does a planned edition of the demo come to be?

Booked, filled with sessions and employers, published.
"""

from datetime import date, datetime, timedelta

from accounts.models import User
from config.demo.programme import CONFIRMED_BY, CONFIRMED_LAYOUTS, EventPlan, ExhibitorPlan, SessionPlan
from events.domain.bookings import confirm_booking, hold_space
from events.domain.planning import create_event, publish_event
from events.domain.programme import plan_session, save_exhibitor
from events.models import Event, Exhibitor, Layout, Series, Space, Strand, Venue
from foundation.wall_time import instant


def confirm_layouts(*, now: datetime) -> None:
    """So that bookings of the demo can be confirmed; who confirmed it says that it is the demo's word."""
    for space, layout in CONFIRMED_LAYOUTS:
        Layout.objects.filter(space__slug=space, slug=layout, confirmed_at__isnull=True).update(
            confirmed_by=CONFIRMED_BY, confirmed_at=now
        )


def plant_event(
    *,
    plan: EventPlan,
    series: Series,
    starts_at: datetime,
    ends_at: datetime,
    main_day: date,
    by: User,
    now: datetime,
    confirmed: bool,
    **fields,
) -> Event:
    """Plan, book, fill and publish an edition at now, which lies before its start.
    confirmed: the booking is."""
    event = create_event(
        series=series,
        slug=plan.slug,
        title=plan.title,
        starts_at=starts_at,
        ends_at=ends_at,
        by=by,
        venue=Venue.objects.get(slug=plan.venue),
        **plan.fields,
        **fields,
    )
    event.strands.set(Strand.objects.filter(slug__in=plan.strands))
    _book(plan, event, by=by, now=now, confirmed=confirmed)
    exhibitors = {one.slug: _plant_exhibitor(event, one) for one in plan.exhibitors}
    for session in plan.sessions:
        _plant_session(event, session, exhibitors, main_day)
    return publish_event(event=event, now=now)


def clock(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant at which a clock on the wall shows that time."""
    return instant(datetime(day.year, day.month, day.day, hour, minute))


def _book(plan: EventPlan, event: Event, *, by: User, now: datetime, confirmed: bool) -> None:
    booking = hold_space(
        space=Space.objects.get(slug=plan.space),
        layout=Layout.objects.get(space__slug=plan.space, slug=plan.layout),
        event=event,
        title=plan.title,
        starts_at=event.doors_open_at,
        ends_at=event.ends_at,
        people=event.expected_peak or event.capacity,
        setup_minutes=120,
        clearup_minutes=60,
        hold_until=event.doors_open_at - timedelta(days=7),
        held_by=by,
        now=now,
    )
    if confirmed:
        confirm_booking(booking=booking, by=by, now=now)


def _plant_exhibitor(event: Event, plan: ExhibitorPlan) -> Exhibitor:
    return save_exhibitor(
        event=event,
        slug=plan.slug,
        name=plan.name,
        about=plan.about,
        roles_shown=plan.roles,
        strands=Strand.objects.filter(slug__in=plan.strands),
    )


def _plant_session(event: Event, plan: SessionPlan, exhibitors: dict[str, Exhibitor], main_day: date) -> None:
    days, hour, minute = plan.starts
    starts_at = clock(main_day + timedelta(days=days), hour, minute)
    plan_session(
        event=event,
        slug=plan.slug,
        title=plan.title,
        summary=plan.summary,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=plan.minutes),
        strands=Strand.objects.filter(slug__in=plan.strands),
        exhibitors=[exhibitors[slug] for slug in plan.exhibitors],
        capacity=plan.capacity,
        space=Space.objects.get(slug=plan.space) if plan.space else None,
        purpose_shared=plan.meaningful,
        outcomes_fitted=plan.meaningful,
        two_way=plan.meaningful,
        time_to_reflect=plan.meaningful,
    )
