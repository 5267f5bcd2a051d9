"""What does the demo show? Everything at once, in the order in which it would really have happened."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from config.demo.crowd import SignedUp, change_minds, sign_up_crowd, sign_up_group
from config.demo.door_day import Door, arrivals, past_day
from config.demo.events import clock, confirm_layouts, plant_event
from config.demo.meetings import plant_meetings
from config.demo.people import ALL_AGES, Crowd
from config.demo.programme import (
    BALTIC_BOOKINGS,
    CORNERSTONE,
    INFLUENCERS,
    SHOWCASE_1,
    SHOWCASE_2,
    STAFF,
    VENUE_OF_VENUE_PERSON,
)
from door.models import Admission
from events.domain.bookings import confirm_booking, hold_space
from events.domain.catalogue import plant_strands, plant_venues
from events.domain.planning import close_event, plant_programme
from events.models import Booking, Event, Layout, Series, Space, Venue
from outbox.domain.mail_queue import drop_messages
from outbox.models import Message
from reporting.domain.invitations import record_invitation
from reporting.domain.publishing import publish_report
from reporting.domain.targets import plant_targets
from reporting.models import AttendanceCorrection, HandCount, Target
from tickets.domain.changes import lapse_unconfirmed
from tickets.models import Ticket

PUBLISHED = ("showcase-reach", "showcase-editions", "influencers-invited")


def plant_demo(*, now: datetime) -> bool:
    """Put the demo there, where it is not yet; False where it was there already. Takes some seconds.

    The past is told with the clock of that time, so ages of rows and deadlines are true. No mail is left
    to send: nobody lives at the addresses.
    """
    with transaction.atomic():
        last = Message.objects.aggregate(last=Max("pk"))["last"] or 0
        staff = plant_staff()
        plant_venues()
        plant_strands()
        showcase, cornerstone = plant_programme()
        plant_targets(showcase=showcase, cornerstone=cornerstone)
        Venue.objects.get(slug=VENUE_OF_VENUE_PERSON).people.add(staff["venue"])
        organiser = staff["organiser"]
        there = Event.objects.filter(slug__in=[SHOWCASE_1.slug, SHOWCASE_2.slug, CORNERSTONE.slug])
        missing = {SHOWCASE_1.slug, SHOWCASE_2.slug, CORNERSTONE.slug} - set(
            there.values_list("slug", flat=True)
        )
        confirm_layouts(now=now - timedelta(days=90))
        came: SignedUp | None = None
        if SHOWCASE_1.slug in missing:
            came = _plant_showcase_1(showcase, organiser, now)
        if SHOWCASE_2.slug in missing:
            _plant_showcase_2(showcase, organiser, now, came)
        if CORNERSTONE.slug in missing:
            _plant_cornerstone(cornerstone, organiser, now, came)
        _plant_influencers(cornerstone, now)
        if SHOWCASE_1.slug in missing:
            _publish(organiser)
        if CORNERSTONE.slug in missing:
            _publish_last_night(organiser, now)
        _plant_baltic_bookings(staff["venue"], now)
        _drop_mail(after=last)
    return bool(missing)


def plant_staff() -> dict[str, User]:
    """The demo users by role. They sign in by a link or a mailed code: none has a password."""
    staff = {}
    for email, name, role in STAFF:
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
        group, _ = Group.objects.get_or_create(name=role)
        user.groups.add(group)
        staff[role] = user
    return staff


def _plant_showcase_1(series: Series, organiser: User, now: datetime) -> SignedUp:
    """Three to four weeks ago, on a Tuesday: registered, held, attended, counted, closed, published."""
    day = timezone.localtime(now).date() - timedelta(days=21)
    day -= timedelta(days=(day.weekday() - 1) % 7)
    starts_at = clock(day, 9, 30)
    event = plant_event(
        plan=SHOWCASE_1,
        series=series,
        starts_at=starts_at,
        ends_at=clock(day, 15),
        main_day=day,
        by=organiser,
        now=starts_at - timedelta(days=60),
        confirmed=True,
    )
    crowd = Crowd(event.slug)
    signed_up = sign_up_crowd(
        event=event,
        crowd=crowd,
        singles=246,
        families=12,
        opens_at=starts_at - timedelta(days=42),
        closes_at=starts_at - timedelta(hours=12),
    )
    sign_up_group(
        event=event,
        crowd=crowd,
        organisation="Example High School (fictional)",
        heads={"14-15": 14, "16-17": 8},
        adults=3,
        named=17,
        at=starts_at - timedelta(days=30),
    )
    lapse_unconfirmed(now=starts_at - timedelta(hours=6))
    for registration in signed_up.registrations:
        registration.refresh_from_db()
    change_minds(
        registrations=signed_up.registrations, cancelled=7, reissued=3, now=starts_at - timedelta(hours=20)
    )
    door = Door(event=event, by=organiser, now=event.doors_open_at - timedelta(minutes=30))
    past_day(event=event, door=door, share=0.74)
    plant_meetings(event=event, now=now)
    _count_by_hand(event, organiser)
    close_event(event=event, now=event.ends_at + timedelta(hours=20))
    return signed_up


def _plant_showcase_2(series: Series, organiser: User, now: datetime, came: SignedUp | None) -> None:
    """In six to seven weeks, on a Thursday: registration is open, and some guardians have not answered."""
    day = timezone.localtime(now).date() + timedelta(days=42)
    day += timedelta(days=(3 - day.weekday()) % 7)
    starts_at = clock(day, 9, 30)
    event = plant_event(
        plan=SHOWCASE_2,
        series=series,
        starts_at=starts_at,
        ends_at=clock(day, 15),
        main_day=day,
        by=organiser,
        now=now - timedelta(days=12),
        confirmed=False,
    )
    crowd = Crowd(event.slug)
    sign_up_crowd(
        event=event,
        crowd=crowd,
        singles=38,
        families=4,
        again=came.attendees[:9] if came else (),
        opens_at=now - timedelta(days=11),
        closes_at=now - timedelta(minutes=5),
    )
    sign_up_group(
        event=event,
        crowd=crowd,
        organisation="Example Youth Club (fictional)",
        heads={"11-13": 6, "14-15": 8},
        adults=2,
        named=6,
        at=now - timedelta(days=4),
    )
    lapse_unconfirmed(now=now)


def _plant_cornerstone(series: Series, organiser: User, now: datetime, came: SignedUp | None) -> None:
    """On now: doors opened 24 hours ago and close at the end of tomorrow."""
    today = timezone.localtime(now).date()
    doors_open_at = (now - timedelta(hours=24)).replace(second=0, microsecond=0)
    starts_at = (doors_open_at + timedelta(minutes=59)).replace(minute=0)
    event = plant_event(
        plan=CORNERSTONE,
        series=series,
        doors_open_at=doors_open_at,
        starts_at=starts_at,
        ends_at=clock(today + timedelta(days=1), 23, 59),
        main_day=today,
        by=organiser,
        now=now - timedelta(days=60),
        confirmed=True,
    )
    sign_up_crowd(
        event=event,
        crowd=Crowd(event.slug, ages=ALL_AGES),
        singles=290,
        families=10,
        again=came.attendees[9:30] if came else (),
        opens_at=now - timedelta(days=50),
        closes_at=doors_open_at - timedelta(hours=1),
    )
    lapse_unconfirmed(now=now)
    door = Door(event=event, by=organiser, now=doors_open_at)
    tickets = list(Ticket.objects.for_event(event).valid().order_by("fingerprint"))
    coming = tickets[: round(0.62 * len(tickets))]
    arrivals(door=door, tickets=coming, opened_at=doors_open_at, now=now, outside=len(coming) // 3)
    plant_meetings(event=event, now=now)


def _publish(organiser: User) -> None:
    """What the board may read: the figures that stood two days after the first showcase."""
    ended_at = Event.objects.get(slug=SHOWCASE_1.slug).ends_at
    for slug in PUBLISHED:
        target = Target.objects.get(slug=slug)
        publish_report(target=target, by=organiser, now=ended_at + timedelta(days=2))


def _publish_last_night(organiser: User, now: datetime) -> None:
    """The cornerstone event is on: the board reads how many were engaged by last midnight;
    today is free to publish."""
    midnight = clock(timezone.localtime(now).date(), 0)
    target = Target.objects.get(slug="cornerstone-engaged")
    publish_report(target=target, by=organiser, now=midnight - timedelta(minutes=1))


def _count_by_hand(event: Event, organiser: User) -> None:
    """Heads without names, and one attendance that no phone saw."""
    at = event.ends_at + timedelta(hours=2)
    HandCount.objects.create(
        event=event,
        age_band="14-15",
        heads=12,
        reason="A youth club came without tickets in the afternoon; their worker counted them",
        recorded_by=organiser,
        recorded_at=at,
    )
    missed = (
        Ticket.objects.for_event(event)
        .valid()
        .filter(person__isnull=False)
        .exclude(pk__in=Admission.objects.values("ticket"))
    )
    AttendanceCorrection.objects.create(
        ticket=missed.order_by("serial")[0],
        attendance=AttendanceCorrection.Attendance.CAME,
        reason="Helped to set up and came in by the back door; seen by the organiser",
        recorded_by=organiser,
        recorded_at=at,
    )


def _plant_influencers(series: Series, now: datetime) -> None:
    for name, known_for, country, why, days, answer in INFLUENCERS:
        invited = {}
        if days is not None:
            invited = {
                "invited_on": timezone.localtime(now - timedelta(days=days)).date(),
                "invited_by": "Olive Organiser",
                "evidence": "Demo: a letter in the project folder",
                "answer": answer,
            }
            if answer != "none":
                invited["answered_on"] = timezone.localtime(now - timedelta(days=days - 12)).date()
        record_invitation(
            name=name,
            series=series,
            now=now - timedelta(days=days or 40),
            field=known_for,
            country=country,
            why_key=why,
            **invited,
        )


def _plant_baltic_bookings(venue_person: User, now: datetime) -> None:
    """What else goes on at the venue of the demo's venue person: held, confirmed, and a second option."""
    space = Space.objects.get(slug="baltic-garden")
    if Booking.objects.filter(space=space).exists():
        return
    today = timezone.localtime(now).date()
    for title, days, from_hour, to_hour, people, confirmed, second in BALTIC_BOOKINGS:
        day = today + timedelta(days=days)
        booking = hold_space(
            space=space,
            layout=Layout.objects.get(space=space, slug="exhibition"),
            title=title,
            starts_at=clock(day, from_hour),
            ends_at=clock(day, to_hour),
            people=people,
            setup_minutes=60,
            clearup_minutes=30,
            held_by=venue_person,
            as_option=second,
            now=now - timedelta(hours=3),
        )
        if confirmed:
            confirm_booking(booking=booking, by=venue_person, now=now - timedelta(hours=1))


def _drop_mail(*, after: int) -> None:
    queued = list(Message.objects.filter(pk__gt=after).values_list("purpose", "key"))
    for purpose in sorted({purpose for purpose, _ in queued}):
        drop_messages(purposes=[purpose], keys=[key for one, key in queued if one == purpose])
