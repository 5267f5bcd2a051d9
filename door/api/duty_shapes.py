"""Which shapes do the calls of the door's duty team take and answer?"""

from typing import Any

from rest_framework import serializers

from door.api.phone_shapes import DecisionAnswer, OccupancyShort
from door.domain.roll_calls import MARKS_MAX
from door.domain.scans import CODE_MAX, REASON_MAX
from door.models import DoorPin
from foundation.serializers import StrictSerializer
from people.boroughs import Borough
from people.domain.age_bands import AGE_BAND_LABELS, MAX_AGE

SERIAL_MAX = 2_000_000
_AGE: dict[str, Any] = dict.fromkeys(("min_value", "max_value", "invalid"), "Enter their age in years")


class UnlockRequest(StrictSerializer):
    pin = serializers.CharField(max_length=20, error_messages={"blank": "Enter the PIN"})


class GrantsAnswer(serializers.Serializer):
    role = serializers.ChoiceField(DoorPin.Role.choices)
    supervisor_until = serializers.DateTimeField(allow_null=True)
    welfare_until = serializers.DateTimeField(allow_null=True)


class SearchRequest(StrictSerializer):
    name = serializers.CharField(max_length=200, error_messages={"blank": "Write at least 3 letters"})


class HitShape(serializers.Serializer):
    code = serializers.CharField(help_text="the short code, good on paired phones of this event only")
    name = serializers.CharField(help_text="first name and initial")
    age_band = serializers.CharField()
    organisation = serializers.CharField()
    is_inside = serializers.BooleanField(allow_null=True)


class SearchAnswer(serializers.Serializer):
    tickets = HitShape(many=True)
    more = serializers.BooleanField()


class WalkInRequest(StrictSerializer):
    scan_id = serializers.UUIDField()
    scanned_at = serializers.DateTimeField()
    name = serializers.CharField(max_length=200, allow_blank=True)
    age = serializers.IntegerField(min_value=0, max_value=MAX_AGE, error_messages=_AGE)
    borough = serializers.ChoiceField(Borough.choices)
    email = serializers.CharField(
        max_length=254, required=False, allow_blank=True, help_text="theirs; the guardian's under 16"
    )
    adult_name = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="guardian under 16; whom to call at 16, 17",
    )
    adult_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    adult_is_here = serializers.BooleanField(required=False, help_text="under 16: and they say yes")
    adult_agreed_by_phone = serializers.BooleanField(
        required=False, help_text="under 16: a supervisor rang them, and they said yes"
    )
    adult_photo = serializers.BooleanField(
        required=False, help_text="under 16: who is here, or was rung, says yes to photos too"
    )
    override_reason = serializers.CharField(
        max_length=REASON_MAX,
        required=False,
        allow_blank=True,
        help_text="why an under-16 is let in whose guardian did not answer; else the ticket is on hold",
    )
    access_needs = serializers.CharField(max_length=500, required=False, allow_blank=True)
    photo = serializers.BooleanField(required=False)
    news = serializers.BooleanField(required=False)


class WalkInAnswer(DecisionAnswer):
    pass


class PartyRequest(StrictSerializer):
    code = serializers.CharField(max_length=CODE_MAX, trim_whitespace=False)


class MemberShape(serializers.Serializer):
    serial = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    age_band = serializers.CharField()
    is_adult = serializers.BooleanField()
    is_inside = serializers.BooleanField(allow_null=True)


class PartyAnswer(serializers.Serializer):
    organisation = serializers.CharField()
    members = MemberShape(many=True)


class PartyArrivalRequest(StrictSerializer):
    scan_id = serializers.UUIDField()
    code = serializers.CharField(max_length=CODE_MAX, trim_whitespace=False)
    scanned_at = serializers.DateTimeField()
    device_now = serializers.DateTimeField(required=False)
    serials = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=SERIAL_MAX), max_length=500, required=False
    )
    heads = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=200),
        required=False,
        help_text=f"people here now, by {', '.join(AGE_BAND_LABELS)}",
    )
    adults = serializers.IntegerField(min_value=0, max_value=200, required=False)
    was_let_in = serializers.BooleanField(required=False, help_text="the steward decided with no network")


class ArrivalAnswer(serializers.Serializer):
    scan_id = serializers.UUIDField()
    is_replay = serializers.BooleanField()
    admitted = DecisionAnswer(many=True)
    refused = DecisionAnswer(many=True)
    surplus = serializers.DictField(child=serializers.IntegerField(), help_text="heads without a ticket")
    occupancy = OccupancyShort()


class ContactOfTicketRequest(StrictSerializer):
    code = serializers.CharField(max_length=CODE_MAX, trim_whitespace=False)
    reason = serializers.CharField(max_length=REASON_MAX)


class ContactOfTicketAnswer(serializers.Serializer):
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    relation = serializers.ChoiceField(["guardian", "emergency contact"])


class RollCallAnswer(serializers.Serializer):
    sealed = serializers.CharField(help_text="base64; the key is on the printed duty card")
    as_at = serializers.DateTimeField()


class MarksRequest(StrictSerializer):
    serials = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=SERIAL_MAX), max_length=MARKS_MAX
    )
    taken_back = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=SERIAL_MAX),
        max_length=MARKS_MAX,
        required=False,
        help_text="marked by mistake, on whichever phone",
    )
    opened_at = serializers.DateTimeField()
    is_drill = serializers.BooleanField()


class MarkShape(serializers.Serializer):
    serial = serializers.IntegerField()
    seen_at = serializers.DateTimeField()
    by = serializers.CharField(allow_blank=True, help_text="the steward of the phone that marked them")


class MarksAnswer(serializers.Serializer):
    serials = serializers.ListField(child=serializers.IntegerField())
    marks = MarkShape(many=True)
    is_drill = serializers.BooleanField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
