"""How does somebody sign up without JavaScript? Age, details, check, ticket."""

import secrets
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from events.models import Event
from foundation.refusals import Refusal
from people.boroughs import Borough
from tickets.domain import codes
from tickets.domain.age_rules import ASKED, Way, needs_guardian, waits_for_guardian, way_for
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
from tickets.domain.registration import AlreadyRegistered, IdempotencyKeyReused, Registered, register
from tickets.domain.waiting_list import OfferOver, entry_of, offer_stands, register_offered
from tickets.forms import AgeForm, DetailsForm
from tickets.models import Registration, WaitingListEntry
from tickets.views import request_guards

SCOPE = "form"
Vouched = Registration.Vouched
# The browser may keep the page for its own way back, so that Back shows the answers and sends nothing.
keeps_answers = cache_control(private=True, no_cache=True)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request on the way. What was answered travels in the form from step to step."""

    request: HttpRequest
    event: Event
    offer: WaitingListEntry | None
    stamped: str
    age: int | None = None

    @property
    def way(self) -> Way:
        return way_for(event=self.event, age=self.age or 0)

    @property
    def is_under_16(self) -> bool:
        return needs_guardian(age=self.age)

    def shown(self, template: str, *, status: int = 200, **values) -> HttpResponse:
        """A page of the way, with what each step carries to the next."""
        carried = {
            "event": self.event,
            "stamp": self.stamped,
            "offer": self.request.POST.get("offer", ""),
            "age": self.age,
            "way": self.way,
        }
        return render(self.request, f"tickets/{template}.html", carried | values, status=status)


@keeps_answers
@require_http_methods(["GET", "POST"])
def register_page(request, slug):
    """One address for the whole way: age, details, check, ticket."""
    step = request.POST.get("step", "start") if request.method == "POST" else "start"
    event = event_to_sign_up_for(slug) if step == "confirm" else event_or_404(slug)
    offer = offer_of(request, event)
    if offer is not None and not is_standing(offer):
        return offer_over(request)
    if step != "confirm" and (refused := _not_now(request, event, offer)):
        return refused
    stamped = request.POST.get("stamp", "")
    if step == "start" or request_guards.key_of(stamped, event.slug) is None:
        step, stamped = "start", request_guards.stamp(event.slug, secrets.token_urlsafe(16))
    return _age_step(Visit(request=request, event=event, offer=offer, stamped=stamped), step)


def _age_step(visit: Visit, step: str) -> HttpResponse:
    """The age decides the way; whoever the day is not for is asked nothing more."""
    day = date_format(timezone.localtime(visit.event.starts_at), "j F Y")
    form = AgeForm({"age": visit.request.POST.get("age", "")} if step != "start" else None, day=day)
    if step in {"start", "change-age"} or not form.is_valid():
        return visit.shown("register_age", form=form, status=status_of(form))
    visit = replace(visit, age=form.cleaned_data["age"])
    if visit.way not in ASKED:
        return visit.shown("who_it_is_for")
    return _details_step(visit, step)


def _details_step(visit: Visit, step: str) -> HttpResponse:
    # Who sends the last step and chose no session needs no list of them.
    asks_sessions = step != "confirm" or "sessions" in visit.request.POST
    form = DetailsForm(
        None if step == "age" else visit.request.POST,
        event=visit.event,
        asked=ASKED[visit.way],
        sessions=_sessions(visit.event) if asks_sessions else [],
    )
    if step in {"age", "change-details"} or not form.is_valid() or form.guessed:
        return _ask_details(visit, form)
    return _confirm_step(visit, form) if step == "confirm" else _check_step(visit, form)


def _check_step(visit: Visit, form: DetailsForm, *, notice: str = "") -> HttpResponse:
    carried = [
        (name, value)
        for name in form.fields
        if name != "postcode"
        for value in visit.request.POST.getlist(name)
    ]
    return visit.shown("register_check", form=form, answers=_told(form), carried=carried, notice=notice)


def _confirm_step(visit: Visit, form: DetailsForm) -> HttpResponse:
    """The guards of a request; then the act, whose refusals are pages."""
    request = visit.request
    if words := request_guards.refuse_machine(request, form="register", stamped=visit.stamped):
        return wait_a_moment(_check_step(visit, form, notice=words))
    vouched_by = request_guards.vouched_by(request)
    if vouched_by == Vouched.NOBODY and request_guards.too_many_unproven(request):
        words = "Many people are registering from where you are. Please try again in half an hour."
        return wait_a_moment(_check_step(visit, form, notice=words))
    try:
        registered = _sign_up(visit, form.cleaned_data, vouched_by)
    except EventFull:
        return full(request, visit.event)
    except RegistrationClosed as refusal:
        return closed(request, visit.event, refusal.message)
    except OfferOver:
        return offer_over(request)
    except AlreadyRegistered:
        return _nearly_done(visit, form) if visit.is_under_16 else visit.shown("already", status=409)
    except IdempotencyKeyReused:
        return visit.shown("form_used", status=409)
    except TooManyUnproven as refusal:
        return wait_a_moment(_check_step(visit, form, notice=refusal.message))
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _ask_details(visit, form)
    if visit.is_under_16:
        return _nearly_done(visit, form)
    return redirect("owner", secret=codes.owner_secret(registered.registration))


def _nearly_done(visit: Visit, form: DetailsForm) -> HttpResponse:
    """The same to who registers a child now and to who asks, by registering, whether that child is coming."""
    answers = form.cleaned_data
    books = visit.way == Way.GUARDIAN_BOOKS
    return visit.shown(
        "nearly_done",
        address=answers["guardian_email"] if books else answers["email"],
        asks_guardian=not books and waits_for_guardian(event=visit.event, age=visit.age or 0),
        answers=_told(form),
    )


def _sign_up(visit: Visit, answers: dict, vouched_by: str) -> Registered:
    guardian, chosen = _contact(answers, "guardian"), answers.get("choices", [])
    attendee = Attendee(
        name=answers["name"],
        age=visit.age or 0,
        borough=answers["borough"],
        access_needs=answers.get("access_needs", ""),
        guardian=guardian,
        emergency_contact=_contact(answers, "emergency_contact"),
    )
    lead = guardian or Contact(name=answers["name"], email="")
    if visit.way != Way.GUARDIAN_BOOKS:
        lead = Contact(name=answers["name"], email=answers["email"])
    asked = {
        "lead": lead,
        "attendees": [attendee],
        "sessions": answers.get("sessions", []),
        "photo": "photo" in chosen,
        "news": "news" in chosen,
        "vouched_by": vouched_by,
        "idempotency": Idempotency(
            scope=SCOPE, key=request_guards.key_of(visit.stamped, visit.event.slug) or ""
        ),
        "now": timezone.now(),
    }
    if visit.offer is not None:
        return register_offered(entry=visit.offer, **asked)
    return register(event=visit.event, **asked)


def _ask_details(visit: Visit, form: DetailsForm) -> HttpResponse:
    confirms = visit.event.guardian_rule == Event.GuardianRule.CONFIRM
    return visit.shown(
        "register_details", form=form, confirms=confirms, guessed=form.guessed, status=status_of(form)
    )


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


def _told(form: DetailsForm) -> list[tuple[str, str]]:
    """What was answered, as pairs of question and answer."""
    return [
        (str(form.fields[name].label).removesuffix(" (optional)"), _shown(form, name))
        for name in form.fields
        if form.cleaned_data.get(name)
    ]


def _shown(form, name: str) -> str:
    value = form.cleaned_data[name]
    if name == "borough":
        return Borough(value).label
    if isinstance(value, list):
        labels = dict(form.fields[name].choices)
        return "; ".join(str(labels[one]) for one in value)
    return value
