"""How does one edition stand, and what is its next step?"""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import desk_required
from desk.domain.event_progress import progress_of
from desk.domain.turnout import expected_turnout
from events.domain.capacity import capacity_ceiling
from events.domain.event_bookings import sessions_without_booking
from events.domain.planning import peak_note
from events.models import Event
from events.rules import may_plan, may_see_events, visible_events
from tickets.domain.acceptance import waiting_parties


@require_safe
@desk_required(may_see_events)
def event_page(request, slug):
    event = get_object_or_404(visible_events(request.user).select_related("series", "venue"), slug=slug)
    now = timezone.now()
    sessions = list(event.sessions.select_related("space").prefetch_related("strands"))
    bookings = list(event.bookings.standing().select_related("space__venue", "layout").order_by("starts_at"))
    context = {
        "event": event,
        "tab": "overview",
        "plans": may_plan(request.user),
        "progress": progress_of(events=[event])[event.pk],
        "waiting_parties": len(waiting_parties(events=[event])),
        "sessions": sessions,
        "exhibitors": event.exhibitors.count(),
        "bookings": bookings,
        "ceiling": capacity_ceiling(event=event),
        "peak": peak_note(people=event.expected_peak),
        "homeless": sessions_without_booking(event=event),
        "turnout": None if event.ends_at <= now else expected_turnout(event=event, now=now),
        "begun": event.starts_at <= now,
        "over": event.ends_at <= now,
        "is_draft": event.status == Event.Status.DRAFT,
        "is_public": event.status == Event.Status.PUBLISHED,
        "stands": event.status in {Event.Status.DRAFT, Event.Status.PUBLISHED},
    }
    return render(request, "desk/event.html", context)
