"""Who did what to an edition, when, and why?"""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.guards import desk_required
from desk.rules import may_see_registrations
from events.domain.audit_log import changes_of
from events.views.event_lookup import visible_event

PAGE = 50
VIEWS = {"": "Everything", "changed": "Changed", "looked": "Looked at"}


@require_safe
@desk_required(may_see_registrations)
def history_page(request, slug):
    event = visible_event(request, slug)
    only = request.GET.get("only", "")
    only = only if only in VIEWS else ""
    before = request.GET.get("before", "")
    changes = changes_of(
        event=event,
        before=int(before) if before.isdecimal() and len(before) <= 18 else None,
        only=only,
        most=PAGE + 1,
    )
    context = {
        "event": event,
        "tab": "history",
        "changes": changes[:PAGE],
        "next": changes[PAGE - 1].pk if len(changes) > PAGE else None,
        "views": VIEWS.items(),
        "only": only,
    }
    return render(request, "desk/history.html", context)
