"""What do we hold about the people of a registration, for whoever owns it?"""

import json
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from desk.domain.subject_access import my_data
from door.models import CheckIn
from tickets.domain.age_rules import BOOKS_BELOW, GUARDIAN_BELOW
from tickets.domain.consent_texts import words_shown
from tickets.domain.consents import give_consent, withdraw_consent
from tickets.models import Consent, Ticket
from tickets.views.owner import owned

KINDS = set(Consent.Kind.values)


@require_http_methods(["GET", "POST"])
@owned
def data_page(request, registration, secret):
    """My data: see it, take it away, change a choice."""
    tickets = list(registration.tickets.select_related("event").prefetch_related("consents"))
    if request.method == "POST":
        for ticket in tickets:
            if (kind := request.POST.get("withdraw")) in KINDS:
                withdraw_consent(ticket=ticket, kind=kind, now=timezone.now())
            elif (kind := request.POST.get("give")) in KINDS and kind in _may_give(ticket):
                give_consent(ticket=ticket, kind=kind, giver=Consent.Giver.OWNER, now=timezone.now())
        return redirect("owner-data", secret=secret)
    held = my_data(registration=registration)
    if request.GET.get("format") == "json":
        response = HttpResponse(
            json.dumps(held, indent=2, ensure_ascii=False), content_type="application/json"
        )
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response
    for scan in (one for ticket in held["tickets"] for one in ticket["scans"]):
        scan |= {
            "at": datetime.fromisoformat(scan["at"]),
            "answer": CheckIn.Verdict(scan["answer"]).label.lower(),
        }
    given = {one.kind for ticket in tickets for one in ticket.consents.all() if not one.withdrawn_at}
    open_choices = {kind for ticket in tickets for kind in _may_give(ticket)} - given
    context = {
        "registration": registration,
        "event": registration.event,
        "secret": secret,
        "held": held,
        "consents": given,
        "may_give": [(kind, words_shown(kind=kind, giver="owner")) for kind in sorted(open_choices)],
    }
    return render(request, "desk/public/data.html", context)


def _may_give(ticket: Ticket) -> set[str]:
    """Under 16 a guardian has to agree to photos as well, and they did so or not by their own link."""
    event, age = ticket.event, ticket.age or 0
    kinds = set()
    if ticket.state != Ticket.State.CANCELLED and event.asks_photos and age >= GUARDIAN_BELOW:
        kinds.add(Consent.Kind.PHOTO.value)
    if ticket.state != Ticket.State.CANCELLED and event.asks_news and age >= BOOKS_BELOW:
        kinds.add(Consent.Kind.NEWS.value)
    return kinds
