"""Which shapes do the door's calls take and answer?"""

from rest_framework import serializers

from door.domain.scans import CODE_MAX, COUNTER_MAX, REASON_MAX
from door.models import CheckIn, Instruction
from foundation.serializers import StrictSerializer

VERDICTS = CheckIn.Verdict.values


class PairRequest(StrictSerializer):
    pairing_code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=60, help_text="a first name is enough")


class PairAnswer(serializers.Serializer):
    token = serializers.CharField()
    event = serializers.SlugField()
    gate = serializers.SlugField()
    expires_at = serializers.DateTimeField()


class OverrideShape(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_MAX)


# door/domain/scans.py reads it; here it stands for the published schema, which names no module of ours.
class ScanRequest(serializers.Serializer):
    """One scan, as a phone sends it."""

    scan_id = serializers.UUIDField()
    code = serializers.CharField(max_length=CODE_MAX, allow_blank=True, trim_whitespace=False)
    direction = serializers.ChoiceField(CheckIn.Direction.values)
    scanned_at = serializers.DateTimeField()
    device_now = serializers.DateTimeField(required=False, allow_null=True)
    decided = serializers.ChoiceField(VERDICTS, required=False, allow_null=True)
    override = OverrideShape(required=False, allow_null=True)
    collection = serializers.ChoiceField(CheckIn.Collection.values, required=False, allow_null=True)
    practice = serializers.BooleanField(required=False, allow_null=True)
    counter = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=COUNTER_MAX,
        help_text="rises with each scan of the phone, whatever its clock says",
    )


class TicketShownShape(serializers.Serializer):
    serial = serializers.IntegerField()
    first_name = serializers.CharField()
    initial = serializers.CharField()
    age_band = serializers.CharField()
    flags = serializers.ListField(child=serializers.CharField())


class OccupancyShort(serializers.Serializer):
    inside = serializers.IntegerField()
    safe_capacity = serializers.IntegerField(allow_null=True)


class DecisionAnswer(serializers.Serializer):
    scan_id = serializers.UUIDField()
    verdict = serializers.ChoiceField([*VERDICTS, "malformed"])
    standing = serializers.CharField(required=False, help_text="what holds of this scan now")
    message = serializers.CharField()
    ticket = TicketShownShape(required=False)
    first_admitted_at = serializers.DateTimeField(required=False)
    gate = serializers.SlugField(required=False)
    occupancy = OccupancyShort(required=False)


class BatchRequest(StrictSerializer):
    device_now = serializers.DateTimeField()
    scans = ScanRequest(many=True, help_text="up to 500")
    unsent = serializers.IntegerField(required=False, min_value=0)


class BatchResult(DecisionAnswer):
    # A malformed scan may carry any scan_id, or none.
    scan_id = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="as sent; null where none could be read"
    )


class BatchAnswer(serializers.Serializer):
    results = BatchResult(many=True)


class UndoRequest(StrictSerializer):
    reason = serializers.CharField(max_length=REASON_MAX)


class OccupancyAnswer(serializers.Serializer):
    inside = serializers.IntegerField()
    admitted = serializers.IntegerField()
    safe_capacity = serializers.IntegerField(allow_null=True)
    as_at = serializers.DateTimeField()
    by_gate = serializers.DictField(child=serializers.IntegerField())


class InstructionSeenRequest(StrictSerializer):
    uid = serializers.UUIDField()


class InstructionAnswer(serializers.Serializer):
    uid = serializers.UUIDField()
    kind = serializers.ChoiceField(Instruction.Kind.values)
    is_drill = serializers.BooleanField()
    given_at = serializers.DateTimeField()
    is_seen = serializers.BooleanField(help_text="by the steward of this phone")


class ContactRequest(StrictSerializer):
    device_now = serializers.DateTimeField()
    unsent = serializers.IntegerField(min_value=0, max_value=1_000_000)
    app_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    storage_kept = serializers.BooleanField(required=False, allow_null=True)
