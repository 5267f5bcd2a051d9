"""How does a teacher or youth worker bring a group? Heads now, names later, all tickets in one file."""

import secrets

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from events.models import Event
from foundation.refusals import Refusal
from foundation.spreadsheets import Cell, csv_file
from tickets.domain import codes
from tickets.domain.attendees import Contact
from tickets.domain.groups import Party, adults_needed, bands_of, names_due_at, register_group
from tickets.domain.issuance import Idempotency
from tickets.domain.party_names import name_party, read_rows, text_of, unnamed
from tickets.forms import GroupForm, NamesForm
from tickets.models import Registration
from tickets.views import request_guards
from tickets.views.owner import owned
from tickets.views.register import (
    SCOPE,
    closed,
    event_or_404,
    is_standing,
    keeps_answers,
    offer_of,
    offer_over,
    status_of,
    wait_a_moment,
)


@keeps_answers
@require_http_methods(["GET", "POST"])
def group_page(request, slug):
    event = event_or_404(slug)
    offer = offer_of(request, event)
    if offer is not None and not is_standing(offer):
        return offer_over(request)
    if offer is None and event.closed_words:
        return closed(request, event, event.closed_words)
    stamped = request.POST.get("stamp", "")
    key = request_guards.key_of(stamped, event.slug)
    first = request.method == "GET" or key is None
    initial = {"organisation": offer.organisation, "email": offer.email} if offer else None
    words = ""
    form = GroupForm(None if first else request.POST, bands=bands_of(event=event), initial=initial)
    if not first and form.is_valid():
        if words := request_guards.refuse_machine(request, form="group", stamped=stamped):
            form.add_error(None, words)
        elif (registration := _sign_up(event, form, key, offer)) is not None:
            return redirect("owner", secret=codes.owner_secret(registration))
    if key is None:
        stamped = request_guards.stamp(event.slug, secrets.token_urlsafe(16))
    context = {
        "event": event,
        "form": form,
        "stamp": stamped,
        "adults_for_ten": adults_needed(heads=10),
        "offer": request.POST.get("offer", ""),
        "places": offer.party_size - offer.places_used if offer else None,
    }
    page = render(request, "tickets/group.html", context, status=status_of(form))
    return wait_a_moment(page) if words else page


def _sign_up(event: Event, form: GroupForm, key: str, offer) -> Registration | None:
    """None where it was refused; the form says why."""
    answers = form.cleaned_data
    party = Party(
        organisation=answers["organisation"],
        heads=form.heads,
        adults=answers["adults"],
        borough=answers["borough"],
    )
    try:
        return register_group(
            event=event,
            lead=Contact(name=answers["name"], email=answers["email"], phone=answers["phone"]),
            party=party,
            declares_consent=answers["declared"],
            now=timezone.now(),
            vouched_by=Registration.Vouched.NOBODY,
            idempotency=Idempotency(scope=SCOPE, key=key),
            entry=offer,
        ).registration
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None


@require_http_methods(["GET", "POST"])
@owned
def names_page(request, registration, secret):
    """Names by typing, paste or file: all are kept, or none and each row says why; what was sent stays."""
    if registration.kind != Registration.Kind.GROUP or registration.ended_at is not None:
        return render(request, "tickets/link_over.html", status=404)
    form = NamesForm(request.POST or None, request.FILES or None)
    faulty: list = []
    if request.method == "POST" and form.is_valid():
        try:
            text = form.cleaned_data["names"]
            if upload := form.cleaned_data.get("file"):
                sent = text_of(upload.read())
                text = f"{text.rstrip()}\n{sent}" if text.strip() else sent
            form = NamesForm({"names": text})
            form.is_valid()
            _, faulty = name_party(registration=registration, rows=read_rows(text=text), now=timezone.now())
            if not faulty:
                return redirect("owner", secret=secret)
            form.add_error(
                "names",
                f"{len(faulty)} row{'s' if len(faulty) > 1 else ''} cannot be saved. Nothing is lost: "
                "mend them here",
            )
        except Refusal as refusal:
            form.add_error("names", refusal.message)
    tickets = registration.tickets.taking_a_place().order_by("serial")
    context = {
        "form": form,
        "faulty": faulty,
        "event": registration.event,
        "secret": secret,
        "tickets": tickets,
        "unnamed": unnamed(registration=registration),
        "due_at": names_due_at(event=registration.event),
    }
    return render(request, "tickets/names.html", context, status=422 if form.errors else 200)


@require_safe
@owned
def names_csv(request, registration, secret):
    """The party as a list to fill in or to keep; no spreadsheet takes a name for a formula."""
    if registration.kind != Registration.Kind.GROUP or registration.ended_at is not None:
        return render(request, "tickets/link_over.html", status=404)
    rows: list[list[Cell]] = [["name", "age", "ticket"]]
    for ticket in registration.tickets.taking_a_place().order_by("serial"):
        about = "adult" if ticket.is_adult_of_group else "" if ticket.age is None else ticket.age
        rows.append([ticket.name, about, ticket.serial])
    response = HttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="names.csv"'
    return response
