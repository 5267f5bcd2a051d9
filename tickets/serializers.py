"""What shape do registrations have in the API? Shape only; the rules stand in domain/."""

from rest_framework import serializers

from foundation.serializers import StrictSerializer, WholeNumber
from people.boroughs import Borough
from tickets.domain.attendees import MAX_ATTENDEES


class TypedText(serializers.CharField):
    """Text that must have been sent as text; its characters are judged by the domain."""

    def __init__(self, **kwargs):
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class LeadSerializer(StrictSerializer):
    name = TypedText(max_length=200)
    email = TypedText(max_length=254)


class GuardianSerializer(StrictSerializer):
    name = TypedText(max_length=200)
    email = TypedText(max_length=254)
    phone = TypedText(max_length=40, required=False, allow_blank=True)


class EmergencyContactSerializer(StrictSerializer):
    name = TypedText(max_length=200)
    phone = TypedText(max_length=40)


class AttendeeSerializer(StrictSerializer):
    name = TypedText(max_length=200)
    age = WholeNumber(min_value=0, max_value=120, help_text="years on the event day")
    borough = serializers.ChoiceField(choices=Borough.choices)
    access_needs = TypedText(max_length=500, required=False, allow_blank=True)
    guardian = GuardianSerializer(required=False, help_text="required under 16")
    emergency_contact = EmergencyContactSerializer(required=False, help_text="required at 16 and 17")


class ConsentsSerializer(StrictSerializer):
    photo = serializers.BooleanField(required=False, default=False)
    news = serializers.BooleanField(required=False, default=False)


class RegistrationRequest(StrictSerializer):
    lead = LeadSerializer()
    # The stubs do not know that many=True takes max_length.
    attendees = AttendeeSerializer(many=True, allow_empty=False, max_length=MAX_ATTENDEES)  # type: ignore[call-arg]
    sessions = serializers.ListField(child=TypedText(max_length=80), required=False, max_length=50)
    consents = ConsentsSerializer(required=False)


class TicketAnswer(serializers.Serializer):
    serial = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField()
    code = serializers.CharField()
    code_url = serializers.CharField()


class RegistrationAnswer(serializers.Serializer):
    reference = serializers.CharField()
    state = serializers.CharField()
    manage_url = serializers.CharField()
    tickets = TicketAnswer(many=True)


class RegistrationWindow(serializers.Serializer):
    open = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField()


class SessionAnswer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    space = serializers.CharField(allow_null=True)
    strands = serializers.ListField(child=serializers.CharField())
    capacity = serializers.IntegerField(allow_null=True)
    places_left = serializers.IntegerField(allow_null=True)


class VenueAnswer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    postcode = serializers.CharField(allow_blank=True)
    borough = serializers.CharField()


class EventAnswer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    series = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    status = serializers.CharField()
    capacity = serializers.IntegerField()
    places_left = serializers.IntegerField()
    waiting_list_open = serializers.BooleanField()
    registration = RegistrationWindow()
    venue = VenueAnswer(allow_null=True)
    sessions = SessionAnswer(many=True)
