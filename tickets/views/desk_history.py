"""Who did what to an edition, when, and why?"""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.guards import desk_required
from events.domain.trail import deeds_of
from events.models import Event
from tickets.rules import may_see_registrations

PAGE = 50
VIEWS = {"": "Everything", "changed": "Changed", "looked": "Looked at"}


@require_safe
@desk_required(may_see_registrations)
def history_page(request, slug):
    event = get_object_or_404(Event.objects.select_related("series", "venue"), slug=slug)
    only = request.GET.get("only", "")
    only = only if only in VIEWS else ""
    before = request.GET.get("before", "")
    deeds = deeds_of(
        event=event,
        before=int(before) if before.isdecimal() and len(before) <= 18 else None,
        only=only,
        most=PAGE + 1,
    )
    context = {
        "event": event,
        "tab": "history",
        "deeds": deeds[:PAGE],
        "next": deeds[PAGE - 1].pk if len(deeds) > PAGE else None,
        "views": VIEWS.items(),
        "only": only,
    }
    return render(request, "tickets/desk/history.html", context)
