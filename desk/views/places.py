"""How many will come, how many places are given out, and for whom are some kept?"""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from desk.domain.capacity_release import BeyondSeats, limits_of, set_places
from desk.domain.event_progress import progress_of
from desk.domain.turnout import expected_turnout
from desk.forms.registrations import KeepForm, PlacesForm
from events.models import Event
from events.rules import may_plan
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal
from tickets.domain.waiting_list import offer_to_school


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_plan)
def places_page(request, slug):
    event = visible_event(request, slug)
    now = timezone.now()
    keeps = "keep" in request.POST
    changes = request.method == "POST" and not keeps
    keep_form = KeepForm(request.POST if keeps else None, prefix="keep")
    if keeps and keep_form.is_valid() and _keep(request, event, keep_form, now):
        return redirect("desk-places", slug=slug)
    form = PlacesForm(request.POST if changes else None, initial={"capacity": event.capacity})
    beyond = False
    if changes and form.is_valid():
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
        "keep_form": keep_form,
        "beyond": beyond,
        "turnout": turnout,
        "when_full": full,
        "limits": limits,
        "progress": progress_of(events=[event])[event.pk],
    }
    return render(
        request, "desk/places.html", context, status=422 if form.errors or keep_form.errors else 200
    )


def _keep(request, event: Event, form: KeepForm, now) -> bool:
    asked = form.cleaned_data
    try:
        entry, _ = offer_to_school(
            event=event,
            organisation=asked["organisation"],
            email=asked["email"],
            places=asked["places"],
            until=min(now + timedelta(days=asked["days"]), event.ends_at - timedelta(minutes=1)),
            now=now,
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(
        request,
        f"{entry.party_size} places are kept for {entry.organisation}. They have a mail with the link.",
    )
    return True
