"""Which groups wait for an organiser, and what is the answer?"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import desk_required
from desk.forms.registrations import ReasonToTellForm
from desk.rules import may_see_registrations
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal
from tickets.domain.acceptance import accept_party, decline_party, waiting_parties
from tickets.models import Registration


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required(may_see_registrations)
def parties_page(request, slug):
    """Yes by one tap; no with a reason, which the lead reads."""
    event = visible_event(request, slug)
    declined, form = "", ReasonToTellForm()
    if request.method == "POST":
        registration = Registration.objects.filter(
            event=event, reference=request.POST.get("reference", "")[:16], erased_at__isnull=True
        ).first()
        if registration is None:
            messages.error(request, "This group was answered meanwhile.")
            return redirect("desk-parties", slug)
        form = ReasonToTellForm(request.POST if request.POST.get("answer") == "no" else None)
        if not form.is_bound or form.is_valid():
            _answer(request, registration, form)
            return redirect("desk-parties", slug)
        declined = registration.reference
    context = {
        "event": event,
        "tab": "overview",
        "parties": waiting_parties(events=[event]),
        "form": form,
        "declined": declined,
    }
    return render(request, "desk/parties.html", context, status=422 if declined else 200)


def _answer(request, registration: Registration, form: ReasonToTellForm) -> None:
    by = {"by": request.user, "now": timezone.now()}
    try:
        if form.is_bound:
            decline_party(registration=registration, reason=form.cleaned_data["reason"], **by)
            messages.success(request, f"{registration.organisation} has your no.")
        else:
            accept_party(registration=registration, **by)
            messages.success(request, f"{registration.organisation} is in.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
