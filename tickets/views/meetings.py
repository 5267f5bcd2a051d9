"""How does a young person keep whom they met?

The code of a session or stand, and the page of what was kept.
"""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import desk_required
from accounts.roles import is_organiser
from events.models import Event
from foundation.refusals import Refusal
from tickets.domain import meetings
from tickets.forms import TypedCodeForm
from tickets.models import Ticket
from tickets.qr import qr_svg
from tickets.views import request_guards
from tickets.views.owner import owned

COOKIE = "meets-for"
PATH = "/met/"


@never_cache
@require_http_methods(["GET", "POST"])
def met_page(request, secret):
    """Opening the code keeps nothing, so that no preview does: the button does."""
    point = meetings.point_of(secret=secret)
    if point is None:
        raise Http404
    ticket = meetings.ticket_of_holder(token=request.COOKIES.get(COOKIE, ""))
    if ticket is not None and ticket.event_id != point.event_id:
        ticket = None
    form = TypedCodeForm(request.POST if request.method == "POST" and ticket is None else None)
    kept, refused = None, ""
    if request.method == "POST":
        if ticket is None and form.is_valid():
            ticket = _typed(request, point, form)
        if ticket is not None:
            try:
                kept = meetings.keep_meeting(point=point, ticket=ticket, now=timezone.now())
            except Refusal as refusal:
                refused = refusal.message
    context = {
        "point": point,
        "event": point.event,
        "name": meetings.name_of(point),
        "ticket": ticket,
        "form": form,
        "kept": kept is not None,
        "again": kept is False,
        "refused": refused,
    }
    response = render(
        request, "tickets/met.html", context, status=409 if refused else 422 if form.errors else 200
    )
    if ticket is not None:
        _remember(response, ticket, point.event)
    return response


@require_http_methods(["GET", "POST"])
@owned
def meetings_page(request, registration, secret):
    """What was kept on each ticket; the button lets this phone keep more."""
    tickets = list(registration.tickets.valid().order_by("serial"))
    if request.method == "POST":
        chosen = next((one for one in tickets if str(one.serial) == request.POST.get("serial")), None)
        if chosen is not None:
            response = redirect("owner-meetings", secret=secret)
            _remember(response, chosen, registration.event)
            return response
    kept = meetings.meetings_kept(registration=registration)
    context = {
        "registration": registration,
        "event": registration.event,
        "secret": secret,
        "tickets": [{"ticket": one, "met": kept.get(one.serial, [])} for one in tickets],
    }
    return render(request, "tickets/meetings.html", context)


@require_safe
@desk_required(is_organiser)
def points_page(request, slug):
    """The codes of an edition's stands and sessions, to print and put up."""
    event = get_object_or_404(Event, slug=slug)
    points = [
        {
            "point": one,
            "qr": qr_svg(f"{settings.SITE_URL}{PATH}{one.address}/", title=f"QR code of {one.name}"),
        }
        for one in meetings.points_of(event=event, now=timezone.now())
    ]
    return render(request, "tickets/points.html", {"event": event, "points": points})


def _typed(request, point, form) -> Ticket | None:
    if request_guards.too_many(request, "met", limit=60):
        form.add_error("code", "Too many tries from here. Wait ten minutes, or open your ticket first")
        return None
    try:
        return meetings.ticket_of_typed(event=point.event, text=form.cleaned_data["code"])
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None


def _remember(response: HttpResponse, ticket: Ticket, event: Event) -> None:
    response.set_cookie(
        COOKIE,
        meetings.holder_token(ticket=ticket),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
        expires=event.ends_at + meetings.AFTER,
    )
