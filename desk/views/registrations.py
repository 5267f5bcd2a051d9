"""Who has signed up, and what may an organiser put right for them?"""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from desk.domain import registration_admin
from desk.domain.registration_lists import page_of, registrations
from desk.forms.registrations import CorrectForm, ReasonForm, WantedForm
from desk.rules import may_see_registrations
from desk.views.registration_words import contact_facts, ticket_rows
from door.models import Admission
from events.views.event_lookup import visible_event
from foundation.refusals import Refusal
from tickets.models import Registration, Ticket

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
@desk_required(may_see_registrations)
def registration_list(request, slug):
    event = visible_event(request, slug)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    listed = page_of(event=event, wanted=wanted, after=request.GET.get("after", ""))
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "event": event,
        "tab": "registrations",
        "form": form,
        "rows": listed.rows,
        "filtered": bool(asked),
        "asked": urlencode(asked),
        "matching": registrations(event=event, wanted=wanted).count(),
        "next": f"?{urlencode(asked | {'after': listed.after})}" if listed.after else "",
        "first": f"?{urlencode(asked)}" if request.GET.get("after") else "",
    }
    return render(request, "desk/registrations.html", context)


@require_http_methods(GET_POST)
@desk_required(may_see_registrations)
def registration_page(request, slug, reference):
    """One registration.

    POST with a reason opens the contacts once, on the answer alone: no link leads there.
    """
    registration = _registration(slug, reference)
    opened, form, status = None, ReasonForm(), 200
    if request.method == "POST" and request.POST.get("do") == "send-again":
        return _try(
            request,
            registration,
            "The ticket is on its way to the address it was registered with.",
            registration_admin.send_again,
            registration=registration,
        )
    if request.method == "POST":
        form, status = ReasonForm(request.POST), 422
        if form.is_valid():
            try:
                opened = registration_admin.open_contacts(
                    registration=registration,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=timezone.now(),
                )
                status = 200
            except Refusal as refusal:
                form.add_refusal(refusal)
    tickets = list(
        registration.tickets.select_related("guardian")
        .prefetch_related("session_places__session", "consents")
        .order_by("serial")
    )
    admissions = Admission.objects.standing().filter(ticket__in=tickets).select_related("door_list__session")
    has_children = registration_admin.has_children(registration)
    context = {
        "event": registration.event,
        "tab": "registrations",
        "registration": registration,
        "contact_facts": contact_facts(registration, has_children=has_children),
        "rows": ticket_rows(registration, tickets=tickets, admissions=admissions),
        "has_children": has_children,
        "opened": opened,
        "form": form,
    }
    return render(request, "desk/registration.html", context, status=status)


@require_http_methods(GET_POST)
@desk_required(may_see_registrations)
def cancel_page(request, slug, reference):
    registration = _registration(slug, reference)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            registration_admin.cancel_at_desk(
                registration=registration,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, "The registration is cancelled. They are told by mail.")
            return redirect("desk-registration", slug, reference)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {
        "event": registration.event,
        "tab": "registrations",
        "registration": registration,
        "places": registration.tickets.taking_a_place().count(),
        "form": form,
    }
    return render(request, "desk/registration_cancel.html", context, status=422 if form.errors else 200)


@require_http_methods(GET_POST)
@desk_required(may_see_registrations)
def ticket_page(request, slug, reference, serial):
    """Put one ticket right: its name and borough, a new code, pause it, cancel it."""
    registration = _registration(slug, reference)
    if serial > 10**9:
        raise Http404
    ticket = get_object_or_404(registration.tickets.select_related("registration", "guardian"), serial=serial)
    do, now = request.POST.get("do", ""), timezone.now()
    form = CorrectForm(
        request.POST if do == "correct" else None, initial={"name": ticket.name, "borough": ticket.borough}
    )
    pausing = ReasonForm(request.POST if do == "pause" else None, prefix="pause")
    by = {"by": request.user, "now": now}
    deeds = {
        "new-code": (
            "The ticket has a new code, and is on its way by mail.",
            registration_admin.reissue_at_desk,
        ),
        "cancel": (
            "The ticket is cancelled and its place is free.",
            registration_admin.cancel_ticket_at_desk,
        ),
        "let-go": ("The ticket admits again.", registration_admin.unblock_ticket),
    }
    if request.method == "POST" and do in deeds:
        words, deed = deeds[do]
        return _try(request, registration, words, deed, ticket=ticket)
    for bound, words, deed in (
        (form, "Saved.", registration_admin.correct_at_desk),
        (pausing, "The ticket is paused: the door refuses it.", registration_admin.block_ticket),
    ):
        if bound.is_bound and bound.is_valid():
            try:
                deed(ticket=ticket, **bound.cleaned_data, **by)
                messages.success(request, words)
                return redirect("desk-registration", slug, reference)
            except Refusal as refusal:
                bound.add_refusal(refusal)
    context = {
        "event": registration.event,
        "tab": "registrations",
        "registration": registration,
        "ticket": ticket,
        "form": form,
        "pausing": pausing,
        "is_cancelled": ticket.state == Ticket.State.CANCELLED,
    }
    return render(request, "desk/ticket.html", context, status=422 if form.errors or pausing.errors else 200)


def _try(request, where: Registration, words: str, deed, **of):
    try:
        deed(by=request.user, now=timezone.now(), **of)
        messages.success(request, words)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("desk-registration", where.event.slug, where.reference)


def _registration(slug: str, reference: str) -> Registration:
    return get_object_or_404(
        Registration.objects.select_related("event__venue", "event__series"),
        event__slug=slug,
        reference=reference,
        erased_at__isnull=True,
    )
