"""How does somebody sign up without JavaScript? Age, details, check, ticket."""

import secrets

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.boroughs import Borough
from events.domain.refusals import InvalidInput, Refusal
from events.models import Event
from tickets.domain import codes
from tickets.domain.asking import ASKED, Way, way_for
from tickets.domain.groups import Party, adults_needed, register_group
from tickets.domain.places import EventFull, RegistrationClosed, closed_words, registration_is_open
from tickets.domain.registration import AlreadyRegistered, Attendee, Contact, Idempotency, register
from tickets.domain.waiting import entry_of, join, leave, position, register_offered
from tickets.forms import AgeForm, GroupForm, WaitingForm, details_form
from tickets.models import WaitingListEntry
from tickets.views import bots

SCOPE = "form"


@never_cache
@require_http_methods(["GET", "POST"])
def register_page(request, slug):
    """One address for the whole way; each step carries the answers before it."""
    event = _event(slug)
    offer = _offer(request, event)
    now = timezone.now()
    if not registration_is_open(event=event, now=now):
        return _closed(request, event, closed_words(event=event, now=now))
    if event.places_left < 1 and offer is None and request.method == "GET":
        return _full(request, event)
    step = request.POST.get("step", "start") if request.method == "POST" else "start"
    stamped = request.POST.get("stamp", "")
    key = bots.key_of(stamped, event.slug)
    if step == "start" or key is None:
        stamped = bots.stamp(event.slug, secrets.token_urlsafe(16))
        return _ask_age(request, event, AgeForm(day=_day(event)), stamped)
    age_form = AgeForm({"age": request.POST.get("age", "")}, day=_day(event))
    if step == "change-age" or not age_form.is_valid():
        return _ask_age(request, event, age_form, stamped)
    age = age_form.cleaned_data["age"]
    way = way_for(event=event, age=age)
    if way not in ASKED:
        return render(request, "tickets/who_it_is_for.html", {"event": event, "way": way})
    return _details_or_check(request, event, offer, step, stamped, key, age, way)


def _details_or_check(request, event, offer, step, stamped, key, age, way: Way):
    form_class = details_form(asked=ASKED[way], sessions=_open_sessions(event))
    if step == "age":
        return _ask_details(request, event, form_class(), stamped, age, way)
    form = form_class(request.POST)
    if step == "change-details" or not form.is_valid():
        return _ask_details(request, event, form, stamped, age, way)
    if step != "confirm":
        return _check(request, event, form, stamped, age, way)
    if bots.looks_like_a_machine(request, stamped) or bots.too_many(request, "register"):
        words = "That was very quick. Please send it once more in a moment."
        return _check(request, event, form, stamped, age, way, notice=words, status=429)
    return _sign_up(request, event, offer, form, stamped, key, age, way)


def _sign_up(request, event, offer, form, stamped, key, age, way):
    answers = form.cleaned_data
    guardian = _contact(answers, "guardian")
    attendee = Attendee(
        name=answers["name"],
        age=age,
        borough=answers["borough"],
        access_needs=answers["access_needs"],
        guardian=guardian,
        emergency_contact=_contact(answers, "emergency_contact"),
    )
    lead = guardian if way == Way.GUARDIAN_BOOKS else Contact(name=answers["name"], email=answers["email"])
    choices = {
        "sessions": answers.get("sessions", []),
        "photo": "photo" in answers["choices"],
        "news": "news" in answers["choices"],
        "idempotency": Idempotency(scope=SCOPE, key=key),
    }
    now = timezone.now()
    try:
        if offer is not None:
            registered = register_offered(entry=offer, lead=lead, attendees=[attendee], now=now, **choices)
        else:
            registered = register(event=event, lead=lead, attendees=[attendee], now=now, **choices)
    except EventFull:
        return _full(request, event)
    except RegistrationClosed as closed:
        return _closed(request, event, closed.message)
    except AlreadyRegistered:
        return render(request, "tickets/already.html", {"event": event}, status=409)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _ask_details(request, event, form, stamped, age, way)
    return redirect("owner", secret=codes.owner_secret(registered.registration))


@never_cache
@require_http_methods(["GET", "POST"])
def group_page(request, slug):
    event = _event(slug)
    now = timezone.now()
    if not registration_is_open(event=event, now=now):
        return _closed(request, event, closed_words(event=event, now=now))
    stamped = request.POST.get("stamp", "")
    key = bots.key_of(stamped, event.slug)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and key is not None and form.is_valid():
        if bots.looks_like_a_machine(request, stamped) or bots.too_many(request, "group"):
            form.add_error(None, "That was very quick. Please send it once more in a moment.")
        else:
            registered = _sign_up_group(event, form, key, now)
            if registered is not None:
                return redirect("owner", secret=codes.owner_secret(registered.registration))
    if key is None:
        stamped = bots.stamp(event.slug, secrets.token_urlsafe(16))
    context = {"event": event, "form": form, "stamp": stamped, "adults_for_ten": adults_needed(heads=10)}
    return render(request, "tickets/group.html", context, status=_status(form))


def _sign_up_group(event, form, key, now):
    answers = form.cleaned_data
    heads = {
        "11-13": answers["heads_11_13"],
        "14-15": answers["heads_14_15"],
        "16-18": answers["heads_16_18"],
    }
    try:
        return register_group(
            event=event,
            lead=Contact(name=answers["name"], email=answers["email"], phone=answers["phone"]),
            party=Party(
                organisation=answers["organisation"],
                heads=heads,
                adults=answers["adults"],
                borough=answers["borough"],
            ),
            declares_consent=answers["declared"],
            now=now,
            idempotency=Idempotency(scope=SCOPE, key=key),
        )
    except Refusal as refusal:
        form.add_refusal(InvalidInput(refusal.message))
        return None


@never_cache
@require_http_methods(["GET", "POST"])
def waiting_list_page(request, slug):
    event = _event(slug)
    form = WaitingForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not request.POST.get("website"):
        if bots.too_many(request, "waiting"):
            form.add_error(None, "Please try again in some minutes.")
        else:
            try:
                _, secret = join(event=event, now=timezone.now(), **form.cleaned_data)
                return redirect("waiting", secret=secret)
            except Refusal as refusal:
                form.add_refusal(refusal)
    return render(request, "tickets/waiting_list.html", {"event": event, "form": form}, status=_status(form))


@never_cache
@require_http_methods(["GET", "POST"])
def waiting_page(request, secret):
    """One party's place in the queue, by a link of their own: see, leave, take an offer."""
    entry = entry_of(secret=secret)
    if entry is None:
        return render(request, "tickets/link_over.html", status=404)
    if request.method == "POST":
        leave(entry=entry, now=timezone.now())
        return redirect("waiting", secret=secret)
    context = {"entry": entry, "event": entry.event, "position": position(entry=entry), "secret": secret}
    return render(request, "tickets/waiting.html", context)


def _event(slug: str) -> Event:
    return get_object_or_404(Event.objects.public().select_related("venue", "series"), slug=slug)


def _offer(request, event: Event) -> WaitingListEntry | None:
    secret = request.POST.get("offer") or request.GET.get("offer", "")
    entry = entry_of(secret=secret) if secret else None
    return (
        entry
        if entry and entry.event_id == event.pk and entry.state == WaitingListEntry.State.OFFERED
        else None
    )


def _open_sessions(event: Event) -> list:
    sessions = [one for one in event.sessions.all() if one.capacity is not None and one.places_left > 0]
    for one in sessions:
        one.label = f"{date_format(timezone.localtime(one.starts_at), 'H:i')} {one.title}"
    return sessions


def _contact(answers: dict, prefix: str) -> Contact | None:
    if f"{prefix}_name" not in answers:
        return None
    return Contact(
        name=answers[f"{prefix}_name"],
        email=answers.get(f"{prefix}_email", ""),
        phone=answers.get(f"{prefix}_phone", ""),
    )


def _day(event: Event) -> str:
    return date_format(timezone.localtime(event.starts_at), "j F Y")


def _ask_age(request, event, form, stamped):
    context = {"event": event, "form": form, "stamp": stamped, "offer": _offer_of(request)}
    return render(request, "tickets/register_age.html", context, status=_status(form))


def _ask_details(request, event, form, stamped, age, way):
    context = {
        "event": event, "form": form, "stamp": stamped, "age": age, "way": way, "offer": _offer_of(request),
    }  # fmt: skip
    return render(request, "tickets/register_details.html", context, status=_status(form))


def _check(request, event, form, stamped, age, way, *, notice="", status=200):
    answers = [
        (form.fields[name].label.removesuffix(" (optional)"), _shown(form, name))
        for name in form.fields
        if form.cleaned_data.get(name)
    ]
    context = {
        "event": event, "form": form, "stamp": stamped, "age": age, "way": way, "answers": answers,
        "offer": _offer_of(request), "notice": notice,
        "carried": [(name, value) for name in form.fields for value in form.data.getlist(name)],
    }  # fmt: skip
    return render(request, "tickets/register_check.html", context, status=status)


def _shown(form, name: str) -> str:
    value = form.cleaned_data[name]
    if name == "borough":
        return Borough(value).label
    if isinstance(value, list):
        labels = dict(form.fields[name].choices)
        return "; ".join(str(labels[one]) for one in value)
    return value


def _offer_of(request) -> str:
    return request.POST.get("offer") or request.GET.get("offer", "")


def _full(request, event):
    return render(request, "tickets/full.html", {"event": event}, status=409)


def _closed(request, event, words):
    return render(request, "tickets/closed.html", {"event": event, "words": words}, status=409)


def _status(form) -> int:
    return 422 if form.is_bound and form.errors else 200
