"""How does the API tell everybody what is on?"""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from events.models import Event
from tickets.domain.places import registration_is_open
from tickets.serializers import EventAnswer

WITH_ALL = ("sessions__strands", "sessions__space")


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
        events = Event.objects.public().select_related("series", "venue").prefetch_related(*WITH_ALL)
        pages = self.pagination_class()
        now = timezone.now()
        shown = [event_values(event, now) for event in pages.paginate_queryset(events, request, view=self)]
        return pages.get_paginated_response(shown)


class EventView(APIView):
    authentication_classes: list = []
    permission_classes = [AllowAny]

    @extend_schema(responses={200: EventAnswer}, tags=["events"])
    def get(self, request, slug):
        """One edition, with its sessions and places left."""
        events = Event.objects.public().select_related("series", "venue").prefetch_related(*WITH_ALL)
        return Response(event_values(get_object_or_404(events, slug=slug), timezone.now()))


def event_values(event: Event, now) -> dict:
    is_open = registration_is_open(event=event, now=now)
    venue = event.venue
    return {
        "slug": event.slug,
        "title": event.title,
        "series": event.series.slug,
        "starts_at": timezone.localtime(event.starts_at),
        "ends_at": timezone.localtime(event.ends_at),
        "status": event.status,
        "capacity": event.capacity,
        "places_left": event.places_left,
        "waiting_list_open": is_open and event.waiting_list and event.places_left < 1,
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
                "places_left": session.places_left,
            }
            for session in event.sessions.all()
        ],
    }
