"""How does somebody sign up without JavaScript? Age, details, check, ticket."""

import secrets

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from events.models import Event
from foundation.refusals import Refusal
from people.boroughs import Borough
from tickets.domain import codes
from tickets.domain.age_rules import ASKED, Way, way_for
from tickets.domain.attendees import Attendee, Contact
from tickets.domain.email_verification import TooManyUnproven
from tickets.domain.issuance import Idempotency
from tickets.domain.places import (
    EventFull,
    RegistrationClosed,
    closed_words,
    with_places_open,
    with_session_places_open,
)
from tickets.domain.registration import AlreadyRegistered, IdempotencyKeyReused, register
from tickets.domain.waiting_list import OfferOver, entry_of, offer_stands, register_offered
from tickets.forms import AgeForm, details_form
from tickets.models import Registration, WaitingListEntry
from tickets.views import request_guards

SCOPE = "form"
Vouched = Registration.Vouched
# The browser may keep the page for its own way back, so that Back shows the answers and sends nothing.
keeps_answers = cache_control(private=True, no_cache=True)


@keeps_answers
@require_http_methods(["GET", "POST"])
def register_page(request, slug):
    """One address for the whole way; each step carries the answers before it."""
    step = request.POST.get("step", "start") if request.method == "POST" else "start"
    event = event_to_sign_up_for(slug) if step == "confirm" else event_or_404(slug)
    offer = offer_of(request, event)
    if offer is not None and not is_standing(offer):
        return offer_over(request)
    if step != "confirm" and (refused := _not_now(request, event, offer)):
        return refused
    stamped = request.POST.get("stamp", "")
    key = request_guards.key_of(stamped, event.slug)
    if step == "start" or key is None:
        stamped = request_guards.stamp(event.slug, secrets.token_urlsafe(16))
        return _ask_age(request, event, AgeForm(day=_day(event)), stamped)
    age_form = AgeForm({"age": request.POST.get("age", "")}, day=_day(event))
    if step == "change-age" or not age_form.is_valid():
        return _ask_age(request, event, age_form, stamped)
    age = age_form.cleaned_data["age"]
    way = way_for(event=event, age=age)
    if way not in ASKED:
        return render(request, "tickets/who_it_is_for.html", {"event": event, "way": way})
    return _details_or_check(request, event, offer, step, stamped, key, age, way)


def event_or_404(slug: str) -> Event:
    events = Event.objects.public().select_related("venue", "series")
    return get_object_or_404(with_places_open(events=events, now=timezone.now()), slug=slug)


def event_to_sign_up_for(slug: str) -> Event:
    """Without its venue and series, which only a page shows."""
    return get_object_or_404(Event.objects.public(), slug=slug)


def offer_of(request, event: Event) -> WaitingListEntry | None:
    """The offer of the waiting list whose places are to be used; its secret travels in the form alone."""
    secret = request.POST.get("offer", "")
    entry = entry_of(secret=secret) if secret else None
    return entry if entry and entry.event_id == event.pk and entry.session_id is None else None


def is_standing(offer: WaitingListEntry) -> bool:
    return offer_stands(entry=offer, now=timezone.now())


def offer_over(request):
    words = "This offer is over. You can join the waiting list again."
    return render(request, "tickets/link_over.html", {"words": words}, status=410)


def full(request, event: Event):
    return render(request, "tickets/full.html", {"event": event}, status=409)


def closed(request, event: Event, words: str):
    return render(request, "tickets/closed.html", {"event": event, "words": words}, status=409)


def wait_a_moment(response):
    """Say to programs what the page says to people."""
    response.status_code = 429
    response["Retry-After"] = "60"
    return response


def status_of(form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _not_now(request, event, offer: WaitingListEntry | None):
    if offer is not None:
        words = closed_words(event=event, now=timezone.now(), is_offered=True)
        return closed(request, event, words) if words else None
    if event.closed_words:
        return closed(request, event, event.closed_words)
    return full(request, event) if event.places_open < 1 else None


def _details_or_check(request, event, offer, step, stamped, key, age, way: Way):
    # Who sends the last step and chose no session needs no list of them.
    sessions = _sessions(event) if step != "confirm" or "sessions" in request.POST else []
    form_class = details_form(event=event, asked=ASKED[way], sessions=sessions)
    if step == "age":
        return _ask_details(request, event, form_class(), stamped, age, way)
    form = form_class(request.POST)
    if step == "change-details" or not form.is_valid() or form.guessed:
        return _ask_details(request, event, form, stamped, age, way)
    if step != "confirm":
        return _check(request, event, form, stamped, age, way)
    if words := request_guards.refuse_machine(request, form="register", stamped=stamped):
        return wait_a_moment(_check(request, event, form, stamped, age, way, notice=words))
    vouched_by = request_guards.vouched_by(request)
    if vouched_by == Vouched.NOBODY and request_guards.too_many_unproven(request):
        words = "Many people are registering from where you are. Please try again in half an hour."
        return wait_a_moment(_check(request, event, form, stamped, age, way, notice=words))
    return _sign_up(request, event, offer, form, stamped, key, age, way, vouched_by)


def _sign_up(request, event, offer, form, stamped, key, age, way, vouched_by):
    answers, chosen = form.cleaned_data, form.cleaned_data.get("choices", [])
    guardian = _contact(answers, "guardian")
    attendee = Attendee(
        name=answers["name"],
        age=age,
        borough=answers["borough"],
        access_needs=answers.get("access_needs", ""),
        guardian=guardian,
        emergency_contact=_contact(answers, "emergency_contact"),
    )
    lead = guardian if way == Way.GUARDIAN_BOOKS else Contact(name=answers["name"], email=answers["email"])
    asked = {
        "lead": lead,
        "attendees": [attendee],
        "sessions": answers.get("sessions", []),
        "photo": "photo" in chosen,
        "news": "news" in chosen,
        "vouched_by": vouched_by,
        "idempotency": Idempotency(scope=SCOPE, key=key),
        "now": timezone.now(),
    }
    try:
        if offer is not None:
            registered = register_offered(entry=offer, **asked)
        else:
            registered = register(event=event, **asked)
    except EventFull:
        return full(request, event)
    except RegistrationClosed as refusal:
        return closed(request, event, refusal.message)
    except OfferOver:
        return offer_over(request)
    except AlreadyRegistered:
        return render(request, "tickets/already.html", {"event": event}, status=409)
    except IdempotencyKeyReused:
        return render(request, "tickets/form_used.html", {"event": event}, status=409)
    except TooManyUnproven as refusal:
        return wait_a_moment(_check(request, event, form, stamped, age, way, notice=refusal.message))
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _ask_details(request, event, form, stamped, age, way)
    return redirect("owner", secret=codes.owner_secret(registered.registration))


def _sessions(event: Event) -> list[tuple[str, str]]:
    """Slug and label of all that has places of its own:
    what is full meanwhile is refused by the rule, in its words."""
    now = timezone.now()
    return [
        (
            one.slug,
            f"{date_format(timezone.localtime(one.starts_at), 'H:i')} {one.title}{_left(one.places_open)}",
        )
        for one in with_session_places_open(sessions=event.sessions.all())
        if one.capacity is not None and one.ends_at > now
    ]


def _left(places: int | None) -> str:
    return "" if places else " (full: wait for it on your ticket page)"


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
    context = {"event": event, "form": form, "stamp": stamped, "offer": request.POST.get("offer", "")}
    return render(request, "tickets/register_age.html", context, status=status_of(form))


def _ask_details(request, event, form, stamped, age, way):
    context = {
        "event": event,
        "form": form,
        "stamp": stamped,
        "age": age,
        "way": way,
        "confirms": event.guardian_rule == Event.GuardianRule.CONFIRM,
        "offer": request.POST.get("offer", ""),
        "guessed": getattr(form, "guessed", ""),
    }
    return render(request, "tickets/register_details.html", context, status=status_of(form))


def _check(request, event, form, stamped, age, way, *, notice=""):
    answers = [
        (form.fields[name].label.removesuffix(" (optional)"), _shown(form, name))
        for name in form.fields
        if form.cleaned_data.get(name)
    ]
    context = {
        "event": event,
        "form": form,
        "stamp": stamped,
        "age": age,
        "way": way,
        "answers": answers,
        "offer": request.POST.get("offer", ""),
        "notice": notice,
        "carried": [
            (name, value) for name in form.fields if name != "postcode" for value in form.data.getlist(name)
        ],
    }
    return render(request, "tickets/register_check.html", context)


def _shown(form, name: str) -> str:
    value = form.cleaned_data[name]
    if name == "borough":
        return Borough(value).label
    if isinstance(value, list):
        labels = dict(form.fields[name].choices)
        return "; ".join(str(labels[one]) for one in value)
    return value
