"""How many will come, and how many places are given out?"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from events.domain.refusals import Refusal
from events.models import Event
from events.rules import may_plan
from tickets.desk_forms import PlacesForm
from tickets.domain.progress import progress_of
from tickets.domain.releasing import BeyondSeats, limits_of, set_places
from tickets.domain.turnout import expected_turnout


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_plan)
def places_page(request, slug):
    event = get_object_or_404(Event.objects.select_related("series", "venue"), slug=slug)
    now = timezone.now()
    form = PlacesForm(
        request.POST if request.method == "POST" else None, initial={"capacity": event.capacity}
    )
    beyond = False
    if request.method == "POST" and form.is_valid():
        try:
            changed = set_places(event=event, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, f"There are {changed.capacity} places now.")
            return redirect("desk-event", slug=slug)
        except BeyondSeats as refusal:
            beyond = True
            form.add_error("beyond_seats", refusal.message)
        except Refusal as refusal:
            form.add_refusal(refusal)
    turnout = expected_turnout(event=event, now=now)
    limits = limits_of(event=event)
    full = turnout.of(event.capacity) if turnout else None
    context = {
        "event": event,
        "tab": "places",
        "form": form,
        "beyond": beyond,
        "turnout": turnout,
        "when_full": full,
        "limits": limits,
        "progress": progress_of(events=[event])[event.pk],
    }
    return render(request, "tickets/desk/places.html", context, status=422 if form.errors else 200)
