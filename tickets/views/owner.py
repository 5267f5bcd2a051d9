"""What may the owner of a registration do, by the link that only they have?"""

from hmac import compare_digest

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from foundation.refusals import Refusal
from tickets.domain import codes
from tickets.domain.acceptance import prove_address
from tickets.domain.changes import (
    cancel_registration,
    cancel_ticket,
    correct_contact,
    correct_name,
    reissue_code,
)
from tickets.domain.groups import lead_ticket
from tickets.domain.owner_links import registration_of
from tickets.domain.ticket_sheets import is_large, sheet_for
from tickets.forms import ContactForm, NameForm
from tickets.ics import event_calendar
from tickets.models import EmergencyContact, Guardian, Registration, Ticket, TicketSheet
from tickets.pdf import printed, tickets_pdf
from tickets.views.request_guards import costly
from tickets.views.ticket_words import asks_equality, changes_of, group_words, head_of, way_to

MOST_SHOWN = 6  # tickets on one page; of a larger party the lead's is shown, and a list


def owned(view):
    """Find the registration by the owner's secret; anything else is a kind 404."""

    @never_cache
    def with_registration(request, secret, **kwargs):
        registration = registration_of(secret=secret)
        if registration is None:
            return link_over(request)
        return view(request, registration, secret, **kwargs)

    return with_registration


def owned_ticket(view):
    """As owned, and one ticket of it that is not cancelled."""

    @owned
    def with_ticket(request, registration, secret, serial, **kwargs):
        ticket = (
            registration.tickets.select_related("event", "registration")
            .filter(serial=serial)
            .exclude(state=Ticket.State.CANCELLED)
            .first()
        )
        if ticket is None:
            return link_over(request)
        return view(request, registration, ticket, secret, **kwargs)

    return with_ticket


def link_over(request, words: str = "", *, status: int = 404):
    return render(request, "tickets/link_over.html", {"words": words}, status=status)


@require_safe
@owned
def ticket_page(request, registration, secret, serial=None):
    """All tickets of one registration; of a larger party the lead's, and one more by its number."""
    there = list(
        registration.tickets.select_related("event__venue", "event__series")
        .prefetch_related("event__strands", "session_places__session")
        .exclude(state=Ticket.State.CANCELLED)
        .order_by("serial")
    )
    shown = there
    if serial is not None:
        shown = [one for one in there if one.serial == serial]
        if not shown:
            return link_over(request)
    elif len(there) > MOST_SHOWN:
        shown = [lead_ticket(tickets=there) or there[0]]
    contacts = set(_with_contacts(there))
    has_sessions = registration.event.sessions.filter(capacity__isnull=False).exists()
    is_confirmed = registration.state == Registration.State.CONFIRMED
    context = {
        "registration": registration,
        "event": registration.event,
        "head": head_of(registration, there),
        "is_confirmed": is_confirmed,
        "tickets": [printed(one) for one in shown],
        "listed": there if len(there) > MOST_SHOWN and serial is None else [],
        "is_party": len(there) > 1,
        "one_only": serial is not None,
        "changes": [
            change
            for one in shown
            for change in changes_of(
                one,
                secret=secret,
                has_sessions=has_sessions,
                has_contact=one.pk in contacts,
                is_one_of_many=len(there) > 1,
            )
        ],
        "group": group_words(registration, there),
        "way": way_to(registration.event.venue),
        "doors_are_open": registration.event.doors_open_at <= timezone.now(),
        "asks_equality": asks_equality(registration),
        "secret": secret,
    }
    response = render(request, "tickets/ticket.html", context)
    if is_confirmed and timezone.now() < registration.event.ends_at:
        # The page's service worker keeps a page that says so, until then, and wipes what no longer does.
        response["X-Keep-Until"] = str(int(registration.event.ends_at.timestamp()))
    return response


def _with_contacts(tickets: list[Ticket]):
    """The ids of the tickets that have somebody to call."""
    for model in (Guardian, EmergencyContact):
        yield from model.objects.filter(ticket__in=tickets).values_list("ticket_id", flat=True)


@require_safe
def service_worker(request):
    """Keeps the ticket page for when there is no signal; its scope is /my/ and nothing else."""
    response = render(request, "tickets/service-worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@costly
@require_safe
@owned
def ticket_pdf(request, registration, secret):
    if registration.ended_at is not None:
        return link_over(request)
    if registration.kind == Registration.Kind.GROUP and registration.state != Registration.State.CONFIRMED:
        return link_over(request, "Your tickets come as soon as your group is in.", status=409)
    if not is_large(registration=registration):
        return _pdf(tickets_pdf(registration=registration))
    sheet = sheet_for(registration=registration, now=timezone.now())
    if sheet.state == TicketSheet.State.DONE:
        return _pdf(bytes(sheet.content))
    context = {"sheet": sheet, "event": registration.event, "secret": secret}
    response = render(request, "tickets/sheet.html", context, status=202)
    if sheet.state != TicketSheet.State.FAILED:
        response["Refresh"] = "3"
    return response


def _pdf(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="ticket.pdf"'
    return response


@require_safe
@owned
def ticket_ics(request, registration, secret):
    link = settings.SITE_URL + reverse("owner", args=[secret])
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
        return redirect("owner-cancel", secret=secret)
    context = {
        "registration": registration,
        "event": registration.event,
        "secret": secret,
        "tickets": registration.tickets.taking_a_place().count(),
    }
    return render(request, "tickets/cancel.html", context)


@require_http_methods(["GET", "POST"])
@owned_ticket
def cancel_ticket_page(request, registration, ticket, secret):
    """Somebody of a party cannot come; the others can."""
    if request.method == "POST":
        cancel_ticket(ticket=ticket, now=timezone.now())
        return redirect("owner", secret=secret)
    context = {"ticket": ticket, "event": registration.event, "secret": secret}
    return render(request, "tickets/cancel_ticket.html", context)


@require_http_methods(["GET", "POST"])
@owned_ticket
def name_page(request, registration, ticket, secret):
    form = NameForm(request.POST or None, initial={"name": ticket.name})
    if request.method == "POST" and form.is_valid():
        try:
            correct_name(ticket=ticket, name=form.cleaned_data["name"], now=timezone.now())
            return redirect("owner", secret=secret)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "ticket": ticket, "event": registration.event, "secret": secret}
    return render(request, "tickets/name.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@owned_ticket
def contact_page(request, registration, ticket, secret):
    """Whom we call on the day; the number of a guardian may follow later."""
    contact = (
        Guardian.objects.filter(ticket=ticket).first()
        or EmergencyContact.objects.filter(ticket=ticket).first()
    )
    if contact is None:
        return link_over(request)
    form = ContactForm(request.POST or None, initial={"name": contact.name, "phone": contact.phone})
    if request.method == "POST" and form.is_valid():
        try:
            correct_contact(ticket=ticket, now=timezone.now(), **form.cleaned_data)
            return redirect("owner", secret=secret)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "ticket": ticket, "event": registration.event, "secret": secret}
    return render(request, "tickets/contact.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@owned_ticket
def reissue_page(request, registration, ticket, secret):
    """Somebody else may have the code: a new one, and the old one no longer admits."""
    if request.method == "POST":
        reissue_code(ticket=ticket, now=timezone.now())
        return redirect("owner", secret=secret)
    context = {"ticket": ticket, "event": registration.event, "secret": secret}
    return render(request, "tickets/new_code.html", context)


@require_http_methods(["GET", "POST"])
@owned
def prove_page(request, registration, secret, proof):
    """The link in the mail: its button proves the address and keeps the place, or takes a group further."""
    if not compare_digest(proof.encode(), codes.proof_secret(registration).encode()):
        return link_over(request)
    words = ""
    if request.method == "POST":
        try:
            prove_address(registration=registration, now=timezone.now())
            return redirect("owner", secret=secret)
        except Refusal as refusal:
            words = refusal.message
            registration.refresh_from_db()
    context = {"registration": registration, "event": registration.event, "secret": secret, "words": words}
    return render(request, "tickets/prove.html", context, status=409 if words else 200)
