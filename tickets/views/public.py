"""What may everybody see? The editions, one edition, and pages about ourselves."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Event
from tickets.domain import codes
from tickets.domain.places import with_places_open, with_session_places_open
from tickets.ics import event_calendar
from tickets.models import Ticket
from tickets.views import programme_words


@require_safe
def home(request):
    now = timezone.now()
    events = Event.objects.public().upcoming(now).select_related("venue", "series")
    upcoming = with_places_open(events=events, now=now).prefetch_related("strands")
    past = Event.objects.public().filter(ends_at__lte=now).select_related("venue").order_by("-starts_at")[:5]
    context = {"upcoming": upcoming, "past": past, "now": now, **_shared_as("/")}
    return render(request, "tickets/home.html", context)


@require_safe
def event_page(request, slug):
    event = _event_or_404(slug)
    now = timezone.now()
    is_open = not event.closed_words
    sessions = with_session_places_open(sessions=event.sessions.select_related("space"))
    context = {
        "event": event,
        "hours": programme_words.hours_of(event),
        "programme": programme_words.programme_of(event, sessions.prefetch_related("strands", "exhibitors")),
        "says_programme_later": programme_words.says_programme_later(event, now=now),
        "who_for": programme_words.who_for(event),
        "venue_address": programme_words.address_of(event.venue),
        "is_open": is_open,
        "has_places": is_open and event.places_open > 0,
        "closed_words": event.closed_words,
        "structured": _structured(event),
        **_shared_as(f"/e/{event.slug}/", title=event.title, description=event.summary),
    }
    return render(request, "tickets/event.html", context)


@require_safe
def event_ics(request, slug):
    event = _event_or_404(slug)
    return _calendar([event], event.title, f"{event.slug}.ics")


@require_safe
def events_ics(request):
    events = list(Event.objects.public().upcoming(timezone.now()).select_related("venue"))
    return _calendar(events, "Creative events", "events.ics")


@require_safe
def code_page(request, code):
    """What the QR holds. It admits at the door and shows nothing about anybody."""
    normal = codes.normalise_code(code)
    event = None
    if normal:
        ticket = Ticket.objects.select_related("event").filter(fingerprint=codes.fingerprint(normal)).first()
        event = ticket.event if ticket else None
    return render(request, "tickets/code.html", {"event": event}, status=200 if event else 404)


@require_safe
def page(request, name):
    return render(request, f"tickets/{name}.html", _shared_as(f"/{name}/"))


@require_safe
def sitemap(request):
    events = Event.objects.public().only("slug", "changed_at")
    return render(
        request,
        "tickets/sitemap.xml",
        {"site": settings.SITE_URL, "events": events},
        content_type="application/xml",
    )


def _shared_as(path: str, *, title: str = "", description: str = "") -> dict:
    """What another site shows of a link to this page; whole addresses."""
    return {
        "address": settings.SITE_URL + path,
        "title": title,
        "description": description,
        "picture": settings.SITE_URL + static("pictures/share.png"),
    }


def _event_or_404(slug: str) -> Event:
    events = Event.objects.public().select_related("venue", "series").prefetch_related("strands")
    return get_object_or_404(with_places_open(events=events, now=timezone.now()), slug=slug)


def _calendar(events, name: str, filename: str) -> HttpResponse:
    response = HttpResponse(
        event_calendar(events=events, name=name), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def _structured(event) -> str:
    """schema.org Event as JSON, safe inside a script element of data."""
    state = "EventCancelled" if event.status == Event.Status.CANCELLED else "EventScheduled"
    data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "description": event.summary,
        "startDate": timezone.localtime(event.starts_at).isoformat(),
        "endDate": timezone.localtime(event.ends_at).isoformat(),
        "doorTime": timezone.localtime(event.doors_open_at).isoformat(),
        "eventStatus": f"https://schema.org/{state}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "maximumAttendeeCapacity": event.capacity,
        "url": f"{settings.SITE_URL}/e/{event.slug}/",
        "image": settings.SITE_URL + static("pictures/share.png"),
        "inLanguage": "en-GB",
        "keywords": [strand.name for strand in event.strands.all()],
        "offers": {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "GBP",
            "url": f"{settings.SITE_URL}/e/{event.slug}/register/",
            "availability": f"https://schema.org/{'InStock' if event.places_open > 0 else 'SoldOut'}",
        },
    }
    if event.venue:
        data["location"] = {
            "@type": "Place",
            "name": event.venue.name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": event.venue.address,
                "postalCode": event.venue.postcode,
                "addressRegion": event.venue.get_borough_display(),
                "addressCountry": "GB",
            },
        }
    if event.min_age is not None:
        data["typicalAgeRange"] = f"{event.min_age}-{event.max_age or ''}"
    return json.dumps(data).replace("<", "\\u003c")
