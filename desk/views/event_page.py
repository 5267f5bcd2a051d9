"""How does one edition stand, and what is its next step?"""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import desk_required
from desk.domain.event_progress import progress_of
from desk.domain.turnout import expected_turnout
from desk.views import event_words
from events.domain.capacity import capacity_ceiling
from events.domain.event_bookings import sessions_without_booking
from events.domain.planning import peak_note
from events.rules import may_plan, may_see_events
from events.views.event_lookup import visible_event
from tickets.domain.acceptance import waiting_parties


@require_safe
@desk_required(may_see_events)
def event_page(request, slug):
    event = visible_event(request, slug)
    now = timezone.now()
    stage = event_words.stage_of(event, plans=may_plan(request.user), now=now)
    sessions = list(event.sessions.select_related("space"))
    bookings = list(event.bookings.standing().select_related("space__venue", "layout").order_by("starts_at"))
    progress, ceiling = progress_of(events=[event])[event.pk], capacity_ceiling(event=event)
    turnout = None if stage.is_over else expected_turnout(event=event, now=now)
    context = {
        "event": event,
        "tab": "overview",
        "stage": stage,
        "step": event_words.next_step(event, stage),
        "progress": progress,
        "at_the_door": event_words.door_figure(progress=progress, turnout=turnout, stage=stage),
        "waiting_parties": len(waiting_parties(events=[event])),
        "sessions": event_words.session_lines(sessions),
        "bookings": bookings,
        "checks": event_words.checks_of(
            event,
            bookings=bookings,
            sessions=sessions,
            exhibitors=event.exhibitors.count(),
            ceiling=ceiling,
        ),
        "to_look_at": event_words.to_look_at(
            ceiling=ceiling,
            homeless=sessions_without_booking(event=event),
            peak=peak_note(people=event.expected_peak),
        ),
        "day_links": event_words.day_links(event, stage),
        "larger_steps": event_words.larger_steps(event, stage),
    }
    return render(request, "desk/event.html", context)
