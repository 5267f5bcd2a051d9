"""How does somebody wait, see their place in the queue, take an offer or leave, by a link of their own?"""

import secrets

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.refusals import Refusal
from tickets.domain import codes
from tickets.domain.waiting_list import entry_of, join, leave, position, take_session
from tickets.forms import WaitingForm
from tickets.views import request_guards
from tickets.views.register import (
    closed,
    event_or_404,
    full,
    keeps_answers,
    status_of,
    wait_a_moment,
)


@keeps_answers
@require_http_methods(["GET", "POST"])
def waiting_list_page(request, slug):
    event = event_or_404(slug)
    now = timezone.now()
    if event.closed_words:
        return closed(request, event, event.closed_words)
    if not event.waiting_list:
        return full(request, event)
    if request.method == "GET" and event.places_open > 0:
        return redirect("register", slug=event.slug)
    stamped = request.POST.get("stamp", "")
    key = request_guards.key_of(stamped, event.slug)
    form = WaitingForm(request.POST or None)
    context = {"event": event, "form": form, "stamp": stamped}
    if request.method == "POST" and form.is_valid() and key is not None:
        if words := request_guards.refuse_machine(request, form="waiting", stamped=stamped):
            form.add_error(None, words)
            return wait_a_moment(render(request, "tickets/waiting_list.html", context))
        try:
            _, secret = join(event=event, now=now, key=key, **form.cleaned_data)
            return redirect("waiting", secret=secret)
        except Refusal as refusal:
            form.add_refusal(refusal)
    if key is None:
        context["stamp"] = request_guards.stamp(event.slug, secrets.token_urlsafe(16))
    return render(request, "tickets/waiting_list.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "POST"])
def waiting_page(request, secret):
    """One party's place in the queue: see, leave, take the offer."""
    entry = entry_of(secret=secret)
    if entry is None:
        return render(request, "tickets/link_over.html", status=404)
    words = ""
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "take" and entry.session_id is not None:
                take_session(entry=entry, now=timezone.now())
            else:
                leave(entry=entry, now=timezone.now())
            return redirect("waiting", secret=secret)
        except Refusal as refusal:
            words = refusal.message
            entry = entry_of(secret=secret)
    owner = entry.ticket.registration if entry.ticket_id else None
    context = {
        "entry": entry,
        "event": entry.event,
        "position": position(entry=entry),
        "secret": secret,
        "words": words,
        "left": entry.party_size - entry.places_used,
        "is_over": entry.state == "offered" and entry.offer_until <= timezone.now(),
        "owner": codes.owner_secret(owner) if owner and owner.ended_at is None else "",
    }
    return render(request, "tickets/waiting.html", context, status=409 if words else 200)
