"""How does an organiser cancel everything that the list shows, as after a rush of bots?"""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from desk.domain.bulk_cancellation import cancel_fitting, preview
from desk.forms.registrations import CancelManyForm, WantedForm
from desk.rules import may_see_registrations
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_see_registrations)
def cancel_many_page(request, slug):
    """The filters stand in the address, as on the list; a POST says why, and how many were shown."""
    event = visible_event(request, slug)
    filters = WantedForm(request.GET)
    wanted = filters.wanted()
    form = CancelManyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            count = cancel_fitting(
                event=event,
                wanted=wanted,
                matching=asked["matching"],
                reason=asked["reason"],
                tell=asked["tell"] == "yes",
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, f"{count} registration{'' if count == 1 else 's'} cancelled.")
            return redirect("desk-registrations", slug=slug)
        except Refusal as refusal:
            form.add_refusal(refusal)
    shown = {name: value for name, value in request.GET.items() if name in filters.fields and value}
    context = {
        "event": event,
        "tab": "registrations",
        "form": form,
        "preview": preview(event=event, wanted=wanted),
        "query": urlencode(shown),
        "asked": [
            (filters.fields[name].label, dict(getattr(filters.fields[name], "choices", [])).get(value, value))
            for name, value in shown.items()
        ],
    }
    return render(request, "desk/cancel_many.html", context, status=422 if form.errors else 200)
