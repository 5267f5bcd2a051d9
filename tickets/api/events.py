"""How does the API tell everybody what is on?"""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from events.models import Event, Session
from tickets.domain.places import with_places_open, with_session_places_open
from tickets.serializers import EventAnswer


def shown_events(now):
    sessions = with_session_places_open(sessions=Session.objects.select_related("space"))
    events = Event.objects.public().select_related("series", "venue")
    return with_places_open(events=events, now=now).prefetch_related(
        Prefetch("sessions", sessions), "sessions__strands"
    )


class ByStart(CursorPagination):
    ordering = ("starts_at", "pk")
    page_size = 50


class EventsView(APIView):
    authentication_classes: list = []
    permission_classes = [AllowAny]
    pagination_class = ByStart

    @extend_schema(responses={200: EventAnswer(many=True)}, tags=["events"], operation_id="events_list")
    def get(self, request):
        """Every edition that is public, by its start."""
        pages = self.pagination_class()
        now = timezone.now()
        events = pages.paginate_queryset(shown_events(now), request, view=self)
        shown = [event_values(event) for event in events]
        return pages.get_paginated_response(shown)


class EventView(APIView):
    authentication_classes: list = []
    permission_classes = [AllowAny]

    @extend_schema(responses={200: EventAnswer}, tags=["events"])
    def get(self, request, slug):
        """One edition, with its sessions and places left."""
        return Response(event_values(get_object_or_404(shown_events(timezone.now()), slug=slug)))


def event_values(event) -> dict:
    is_open = not event.closed_words
    venue = event.venue
    return {
        "slug": event.slug,
        "title": event.title,
        "series": event.series.slug,
        "starts_at": timezone.localtime(event.starts_at),
        "ends_at": timezone.localtime(event.ends_at),
        "status": event.status,
        "capacity": event.capacity,
        "places_left": event.places_open,
        "waiting_list_open": is_open and event.waiting_list and event.places_open < 1,
        "registration": {
            "open": is_open,
            "opens_at": event.registration_opens_at or event.published_at,
            "closes_at": event.registration_closes_at or event.ends_at,
        },
        "venue": venue
        and {
            "slug": venue.slug,
            "name": venue.name,
            "address": venue.address,
            "postcode": venue.postcode,
            "borough": venue.borough,
        },
        "sessions": [
            {
                "slug": session.slug,
                "title": session.title,
                "starts_at": timezone.localtime(session.starts_at),
                "ends_at": timezone.localtime(session.ends_at),
                "space": session.space and session.space.name,
                "strands": [strand.slug for strand in session.strands.all()],
                "capacity": session.capacity,
                "places_left": session.places_open,
            }
            for session in event.sessions.all()
        ],
    }
