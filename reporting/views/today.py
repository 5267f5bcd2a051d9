"""What does somebody see when they open the desk in the morning?"""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import desk_required
from accounts.roles import is_organiser, is_supervisor, is_venue_person, is_welfare
from events.rules import may_see_events
from reporting.domain.today import events_ahead, sees_events_only, what_waits
from reporting.rules import may_read_reports
from reporting.views.notices import notice_of


@require_safe
@desk_required(may_see_events)
def today(request):
    now, user = timezone.now(), request.user
    ahead = events_ahead(user=user, now=now)
    waits = [] if sees_events_only(user) else what_waits(user=user, ahead=ahead, now=now)
    notices = [notice_of(one) for one in waits]
    context = {
        "now": now,
        "ahead": ahead,
        "first": notices[0] if notices else None,
        "rest": notices[1:],
        "plans": is_organiser(user),
        "door": is_supervisor(user) or is_welfare(user),
        "venue": is_venue_person(user),
        "reads": may_read_reports(user),
    }
    return render(request, "reporting/today.html", context)
