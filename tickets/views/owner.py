"""What may the owner of a registration do, by the link that only they have? And the guardian, by theirs?"""

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.domain.refusals import Refusal
from tickets.domain.changes import (
    cancel_registration,
    confirm_by_guardian,
    correct_name,
    refuse_by_guardian,
    reissue_code,
    withdraw_consent,
)
from tickets.domain.my_data import my_data
from tickets.domain.owners import ask_for_links, guardian_of, registration_of
from tickets.forms import FindTicketForm, GuardianForm, NameForm
from tickets.ics import event_calendar
from tickets.models import Ticket
from tickets.pdf import printed, tickets_pdf
from tickets.views import bots


def owned(view):
    """Find the registration by the owner's secret; anything else is a kind 404."""

    @never_cache
    def with_registration(request, secret, **kwargs):
        registration = registration_of(secret=secret)
        if registration is None:
            return _over(request)
        return view(request, registration, secret, **kwargs)

    return with_registration


@require_safe
@owned
def ticket_page(request, registration, secret):
    tickets = (
        registration.tickets.select_related("event__venue", "event__series")
        .prefetch_related("consents", "event__strands")
        .order_by("serial")
    )
    context = {
        "registration": registration,
        "event": registration.event,
        "tickets": [printed(one) for one in tickets if one.state != Ticket.State.CANCELLED],
        "secret": secret,
        "now": timezone.now(),
    }
    return render(request, "tickets/ticket.html", context)


@require_safe
@owned
def ticket_pdf(request, registration, secret):
    if registration.ended_at is not None:
        return _over(request)
    response = HttpResponse(tickets_pdf(registration=registration), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="ticket.pdf"'
    return response


@require_safe
@owned
def ticket_ics(request, registration, secret):
    link = request.build_absolute_uri(f"/my/{secret}/")
    method = "PUBLISH" if registration.ended_at is None else "CANCEL"
    content = event_calendar(
        events=[registration.event], name=registration.event.title, link=link, method=method
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="event.ics"'
    return response


@require_http_methods(["GET", "POST"])
@owned
def cancel_page(request, registration, secret):
    """A link in a mail opens this page; only the button cancels, so that no preview does."""
    if request.method == "POST":
        cancel_registration(registration=registration, now=timezone.now())
        return redirect("owner", secret=secret)
    return render(
        request,
        "tickets/cancel.html",
        {"registration": registration, "event": registration.event, "secret": secret},
    )


@require_http_methods(["GET", "POST"])
@owned
def name_page(request, registration, secret, serial):
    ticket = registration.tickets.filter(serial=serial).exclude(state=Ticket.State.CANCELLED).first()
    if ticket is None:
        return _over(request)
    form = NameForm(request.POST or None, initial={"name": ticket.name})
    if request.method == "POST" and form.is_valid():
        try:
            correct_name(
                ticket=ticket,
                name=form.cleaned_data["name"],
                contact=registration.lead_email,
                now=timezone.now(),
            )
            return redirect("owner", secret=secret)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "ticket": ticket, "event": registration.event, "secret": secret}
    return render(request, "tickets/name.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
@owned
def reissue_page(request, registration, secret, serial):
    ticket = registration.tickets.filter(serial=serial).exclude(state=Ticket.State.CANCELLED).first()
    if ticket is None:
        return _over(request)
    reissue_code(ticket=ticket, now=timezone.now())
    return redirect("owner", secret=secret)


@require_http_methods(["GET", "POST"])
@owned
def data_page(request, registration, secret):
    """My data: see it, take it away, take back a choice."""
    if request.method == "POST":
        for ticket in registration.tickets.all():
            if request.POST.get("withdraw") in {"photo", "news"}:
                withdraw_consent(ticket=ticket, kind=request.POST["withdraw"], now=timezone.now())
        return redirect("owner-data", secret=secret)
    held = my_data(registration=registration)
    if request.GET.get("format") == "json":
        response = HttpResponse(
            json.dumps(held, indent=2, ensure_ascii=False), content_type="application/json"
        )
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response
    consents = {
        one.kind
        for ticket in registration.tickets.all()
        for one in ticket.consents.all()
        if not one.withdrawn_at
    }
    context = {"registration": registration, "secret": secret, "held": held, "consents": consents}
    return render(request, "tickets/data.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def find_ticket(request):
    """The same answer whether or not we know the address; the mail goes to the owner alone."""
    form = FindTicketForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not bots.too_many(request, "find", limit=30):
            ask_for_links(email=form.cleaned_data["email"], now=timezone.now())
        return render(request, "tickets/find_sent.html")
    return render(request, "tickets/find.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def guardian_page(request, secret):
    guardian = guardian_of(secret=secret)
    if guardian is None:
        return _over(request)
    form = GuardianForm(request.POST or None)
    context = {"guardian": guardian, "ticket": guardian.ticket, "event": guardian.ticket.event, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("answer") == "no":
                refuse_by_guardian(guardian=guardian, now=timezone.now())
            elif request.POST.get("answer") == "yes":
                confirm_by_guardian(
                    guardian=guardian, now=timezone.now(), may_leave_alone=form.cleaned_data["may_leave_alone"],
                    photo=False if form.cleaned_data["no_photos"] else None,
                )  # fmt: skip
        except Refusal as refusal:
            return render(request, "tickets/link_over.html", {"words": refusal.message}, status=410)
        return redirect("guardian", secret=secret)
    return render(request, "tickets/guardian.html", context)


def _over(request):
    return render(request, "tickets/link_over.html", status=404)
