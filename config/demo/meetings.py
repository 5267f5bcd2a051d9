"""Whom did people meet in the demo?

Some open the codes of stands and sessions and keep them on their tickets.
"""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from door.models import Admission
from events.models import Event
from tickets.domain.meetings import keep_meeting, points_of
from tickets.models import MeetingPoint, Ticket

SHARE = 0.55  # of those who came
MOST = 4  # meetings of one person


def plant_meetings(*, event: Event, now: datetime) -> None:
    """Each meeting follows its ticket's admission, and lies within the session's time where it is one."""
    random = Random(f"meetings of {event.slug}")  # noqa: S311  a demo makes the same meetings each time
    points_of(event=event, now=event.doors_open_at)
    points = list(MeetingPoint.objects.filter(event=event).select_related("event", "session").order_by("pk"))
    came = Admission.objects.standing().filter(door_list__event=event, door_list__session__isnull=True)
    valid = came.filter(ticket__state=Ticket.State.VALID)
    for admission in valid.select_related("ticket").order_by("ticket__serial"):
        if random.random() > SHARE:
            continue
        for point in random.sample(points, min(len(points), random.randint(1, MOST))):
            moment = _moment(point, admission.admitted_at, random)
            if moment < min(now, event.ends_at, timezone.now()):
                keep_meeting(point=point, ticket=admission.ticket, now=moment)


def _moment(point: MeetingPoint, admitted_at: datetime, random: Random) -> datetime:
    if point.session is not None:
        minutes = (point.session.ends_at - point.session.starts_at) / timedelta(minutes=1)
        return max(admitted_at, point.session.starts_at) + timedelta(
            minutes=random.uniform(5, max(6, minutes))
        )
    return admitted_at + timedelta(minutes=random.uniform(10, 150))
