"""How does the API find spaces, and hold, confirm and release bookings?"""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import PersonTokenAuthentication
from events.domain.availability import Wish, find_spaces
from events.domain.bookings import confirm_booking, hold_space, release_booking
from events.models import Booking, Layout, Space
from events.rules import bookable_events, visible_venues
from events.serializers import BookingAnswer, BookingRequest, ReleaseRequest, SpacesAnswer, SpaceSearch
from foundation.change_log import acting

WHERE_TO_LOOK = {
    "space": "There is no space of this name that you may book. GET /api/v1/spaces/ lists yours.",
    "layout": "This space has no such layout. GET /api/v1/spaces/ lists its layouts.",
    "event": "There is no edition of this name that you may book for.",
}


class SpacesView(APIView):
    authentication_classes = [PersonTokenAuthentication]

    @extend_schema(
        parameters=[SpaceSearch], responses={200: SpacesAnswer}, operation_id="spaces_list", tags=["bookings"]
    )
    def get(self, request):
        """Spaces for a period: free ones first, then the others with the reasons against them."""
        _require(request, "events.see_bookings")
        asked = SpaceSearch(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wish = Wish(**asked.validated_data)
        spaces = Space.objects.filter(venue__in=visible_venues(request.user))
        found = find_spaces(wish=wish, now=timezone.now(), spaces=spaces)
        return Response({"next": None, "previous": None, "results": [_space_values(one) for one in found]})


class BookingsView(APIView):
    authentication_classes = [PersonTokenAuthentication]

    @extend_schema(request=BookingRequest, responses={201: BookingAnswer}, tags=["bookings"])
    def post(self, request):
        """Hold a space."""
        _require(request, "events.see_bookings")
        asked = BookingRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        wish["space"] = _one(
            Space.objects.filter(venue__in=visible_venues(request.user)), "space", wish["space"]
        )
        wish["layout"] = _one(Layout.objects.filter(space=wish["space"]), "layout", wish["layout"])
        if "event" in wish:
            wish["event"] = _one(bookable_events(request.user), "event", wish["event"])
        with acting(request.user):
            booking = hold_space(
                **wish, held_by=request.user, venues=visible_venues(request.user), now=timezone.now()
            )
        return Response(booking_values(booking), status=201)


class ConfirmView(APIView):
    authentication_classes = [PersonTokenAuthentication]

    @extend_schema(request=None, responses={200: BookingAnswer}, tags=["bookings"])
    def post(self, request, pk):
        """Confirm a hold, as the venue's person or an organiser."""
        booking = _booking(request, pk)
        with acting(request.user):
            confirmed = confirm_booking(booking=booking, by=request.user, now=timezone.now())
        return Response(booking_values(confirmed))


class ReleaseView(APIView):
    authentication_classes = [PersonTokenAuthentication]

    @extend_schema(request=ReleaseRequest, responses={200: BookingAnswer}, tags=["bookings"])
    def post(self, request, pk):
        """Release a booking, with a reason."""
        booking = _booking(request, pk)
        asked = ReleaseRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        with acting(request.user):
            released = release_booking(
                booking=booking, by=request.user, now=timezone.now(), **asked.validated_data
            )
        return Response(booking_values(released))


def booking_values(booking: Booking) -> dict:
    return {
        "id": booking.pk,
        "state": booking.state,
        "rank": booking.rank,
        "space": booking.space.slug,
        "layout": booking.layout and booking.layout.slug,
        "event": booking.event and booking.event.slug,
        "title": booking.title,
        "starts_at": timezone.localtime(booking.starts_at),
        "ends_at": timezone.localtime(booking.ends_at),
        "setup_minutes": booking.setup_minutes,
        "clearup_minutes": booking.clearup_minutes,
        "people": booking.people,
        "blocked_from": timezone.localtime(booking.blocked_from),
        "blocked_until": timezone.localtime(booking.blocked_until),
        "hold_until": booking.hold_until and timezone.localtime(booking.hold_until),
        "release_reason": booking.release_reason,
    }


def _space_values(found) -> dict:
    space = found.space
    return {
        "slug": space.slug,
        "name": space.name,
        "venue": space.venue.slug,
        "borough": space.venue.borough,
        "layouts": [
            {"slug": one.slug, "capacity": one.capacity, "confirmed": one.confirmed}
            for one in space.layouts.all()
        ],
        "safe_capacity": space.safe_capacity,
        "step_free": space.step_free,
        "free": found.free,
        "reasons": found.reasons,
    }


def _require(request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _one(queryset, field: str, slug: str):
    found = queryset.filter(slug=slug).first()
    if found is None:
        raise ValidationError({field: [WHERE_TO_LOOK[field]]})
    return found


def _booking(request, pk: int) -> Booking:
    """Somebody else's venue looks the same as no booking at all."""
    _require(request, "events.see_bookings")
    if pk > 2**63 - 1:
        raise Http404
    bookings = Booking.objects.select_related("space__venue", "layout", "event")
    return get_object_or_404(bookings.filter(space__venue__in=visible_venues(request.user)), pk=pk)
