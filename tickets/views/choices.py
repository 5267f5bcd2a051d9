"""Which choices may somebody still make, and which does a guardian make?

Sessions, consents, a yes or a no.
"""

import secrets

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.refusals import Refusal
from tickets.domain import codes
from tickets.domain.changes import confirm_by_guardian, refuse_by_guardian
from tickets.domain.consent_texts import words_shown
from tickets.domain.equality import count_answers
from tickets.domain.owner_links import ask_for_links, guardian_of
from tickets.domain.session_choices import choose_sessions, session_choices
from tickets.domain.waiting_list import join_session
from tickets.forms import EqualityForm, FindTicketForm, GuardianForm, SessionsForm
from tickets.models import Consent, Guardian, Ticket
from tickets.views import request_guards
from tickets.views.owner import link_over, owned_ticket
from tickets.views.register import event_or_404, status_of


@require_http_methods(["GET", "POST"])
@owned_ticket
def sessions_page(request, registration, ticket, secret):
    """Choose sessions, give them back, wait for a full one."""
    now = timezone.now()
    choices = session_choices(ticket=ticket, now=now)
    open_to_me = [one for one in choices if one.is_mine or not one.is_full]
    labels = [(one.session.slug, _label(one.session)) for one in open_to_me]
    mine = [one.session.slug for one in choices if one.is_mine]
    form = SessionsForm(None, choices=labels, initial={"sessions": mine})
    if request.method == "POST":
        wish = next((one for one in choices if one.session.slug == request.POST.get("wait")), None)
        form = SessionsForm(request.POST, choices=labels)
        try:
            if wish is not None:
                join_session(ticket=ticket, session=wish.session, now=now)
                return redirect("owner-sessions", secret=secret, serial=ticket.serial)
            if form.is_valid():
                choose_sessions(ticket=ticket, slugs=form.cleaned_data["sessions"], now=now)
                return redirect("owner", secret=secret)
        except Refusal as refusal:
            form.is_valid()
            form.add_refusal(refusal)
    waits = [
        {
            "slug": one.session.slug,
            "label": _label(one.session),
            "position": one.position,
            "entry": one.entry,
            "link": codes.waiting_secret(one.entry.pk) if one.entry else "",
        }
        for one in choices
        if one.is_full and not one.is_mine
    ]
    context = {
        "form": form,
        "ticket": ticket,
        "event": registration.event,
        "secret": secret,
        "waits": waits,
        "has_open": bool(open_to_me),
    }
    return render(request, "tickets/sessions.html", context, status=status_of(form))


def _label(session) -> str:
    starts, ends = (date_format(timezone.localtime(at), "H:i") for at in (session.starts_at, session.ends_at))
    return f"{starts} to {ends}: {session.title}"


@never_cache
@require_http_methods(["GET", "POST"])
def find_ticket(request):
    """The same answer whether or not we know the address; the mail goes to the owner alone."""
    form = FindTicketForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not request_guards.too_many(request, "find", limit=30):
            ask_for_links(email=form.cleaned_data["email"], now=timezone.now())
        return render(request, "tickets/find_sent.html")
    return render(request, "tickets/find.html", {"form": form}, status=status_of(form))


@never_cache
@require_http_methods(["GET", "POST"])
def guardian_page(request, secret):
    """Yes or no, by a link that does nothing else."""
    guardian = guardian_of(secret=secret)
    if guardian is None:
        return link_over(request)
    ticket, event = guardian.ticket, guardian.ticket.event
    said_yes = ticket.consents.filter(kind=Consent.Kind.PHOTO, withdrawn_at__isnull=True).exists()
    form = GuardianForm(
        request.POST or None,
        photo_words=words_shown(kind="photo", giver="guardian") if said_yes else "",
        asks_phone=not guardian.phone,
    )
    answer = request.POST.get("answer")
    try:
        if request.method == "POST" and answer == "no":
            refuse_by_guardian(guardian=guardian, now=timezone.now())
            return redirect("guardian", secret=secret)
        if request.method == "POST" and answer == "yes" and form.is_valid():
            confirm_by_guardian(guardian=guardian, now=timezone.now(), **form.cleaned_data)
            return redirect("guardian", secret=secret)
    except Refusal as refusal:
        return link_over(request, refusal.message, status=410)
    is_over = guardian.answer == Guardian.Answer.ASKED and ticket.state == Ticket.State.CANCELLED
    context = {"guardian": guardian, "ticket": ticket, "event": event, "form": form}
    return render(request, "tickets/guardian.html", context, status=410 if is_over else status_of(form))


@never_cache
@require_http_methods(["GET", "POST"])
def equality_page(request, slug):
    """After the ticket, if somebody likes: answers that only raise a count. Nothing here knows who asks."""
    event = event_or_404(slug)
    if not event.asks_equality:
        return link_over(request)
    stamped = request.POST.get("stamp", "")
    key = request_guards.key_of(stamped, f"equality:{event.slug}")
    form = EqualityForm(request.POST if key is not None else None)
    if key is not None and form.is_valid():
        # The form's own number, and nothing of its sender, is remembered: sent twice, it counts once.
        if not request_guards.too_many(request, "equality") and request_guards.is_first_use(key):
            count_answers(event=event, answers=form.cleaned_data)
        return render(request, "tickets/equality_thanks.html", {"event": event})
    if key is None:
        stamped = request_guards.stamp(f"equality:{event.slug}", secrets.token_urlsafe(16))
    context = {"event": event, "form": form, "stamp": stamped}
    return render(request, "tickets/equality.html", context, status=status_of(form))
