"""How does the API register others and cancel?"""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import PersonTokenAuthentication
from events.models import Event
from tickets.domain import codes
from tickets.domain.changes import cancel_registration
from tickets.domain.issuance import Idempotency
from tickets.domain.registration import Attendee, Contact, Registered, register
from tickets.models import Registration
from tickets.qr import ticket_address
from tickets.serializers import RegistrationAnswer, RegistrationRequest

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)
LONGEST_KEY = 200  # characters
REQUEST = (
    RegistrationRequest()
)  # holds nothing of a request; to build its fields each time takes longer than to ask them


class RegistersOthers(APIView):
    authentication_classes = [PersonTokenAuthentication]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not request.user.has_perm("tickets.register_others"):
            raise PermissionDenied


class RegistrationsView(RegistersOthers):
    @extend_schema(
        parameters=[KEY],
        request=RegistrationRequest,
        responses={200: RegistrationAnswer, 201: RegistrationAnswer},
        tags=["registrations"],
    )
    def post(self, request, slug):
        """Register attendees; the same key again gives the same answer."""
        key = request.headers.get("Idempotency-Key", "")
        if not key or len(key) > LONGEST_KEY:
            raise ParseError(f"Send an Idempotency-Key of 1 to {LONGEST_KEY} characters.")
        wish = REQUEST.run_validation(request.data)
        event = get_object_or_404(Event.objects.public(), slug=slug)
        consents = wish.get("consents", {})
        registered = register(
            event=event,
            lead=Contact(**wish["lead"]),
            attendees=[_attendee(one) for one in wish["attendees"]],
            sessions=wish.get("sessions", []),
            photo=consents.get("photo", False),
            news=consents.get("news", False),
            idempotency=Idempotency(scope=f"token:{request.auth.pk}", key=key),
            source=Registration.Source.API,
            vouched_by=Registration.Vouched.REGISTRAR,
            by=request.user,
            now=timezone.now(),
        )
        return Response(registration_values(registered), status=200 if registered.replayed else 201)


class CancelView(RegistersOthers):
    @extend_schema(request=None, responses={200: dict}, tags=["registrations"])
    def post(self, request, reference):
        """Cancel a registration; again changes nothing."""
        registration = get_object_or_404(Registration, reference=reference)
        registration = cancel_registration(registration=registration, now=timezone.now())
        return Response({"reference": registration.reference, "state": registration.state})


def registration_values(registered: Registered) -> dict:
    registration = registered.registration
    return {
        "reference": registration.reference,
        "state": registration.state,
        "manage_url": f"{settings.SITE_URL}/my/{codes.owner_secret(registration)}/",
        "tickets": [_ticket_values(ticket) for ticket in registered.tickets],
    }


def _ticket_values(ticket) -> dict:
    code = codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)
    return {
        "serial": ticket.serial,
        "name": ticket.name,
        "state": ticket.state,
        "code": code,
        "code_url": ticket_address(code),
    }


def _attendee(values: dict) -> Attendee:
    guardian, emergency = values.pop("guardian", None), values.pop("emergency_contact", None)
    return Attendee(
        guardian=Contact(**guardian) if guardian else None,
        emergency_contact=Contact(email="", **emergency) if emergency else None,
        **values,
    )
