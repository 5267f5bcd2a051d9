"""What shape do bookings and searches have in the API? Shape only; the rules stand in domain/."""

from datetime import UTC

from rest_framework import serializers

from foundation.serializers import StrictSerializer, WholeNumber


class Moment(serializers.DateTimeField):
    """RFC 3339 with an offset: a wall time without one is refused."""

    def enforce_timezone(self, value):
        if value.tzinfo is None:
            raise serializers.ValidationError("Send a time with its offset, like 2027-03-01T10:00:00+00:00.")
        if not 1900 <= value.year <= 2999:
            raise serializers.ValidationError("Send a time in this century.")
        return value.astimezone(UTC)


class SpaceSearch(serializers.Serializer):
    starts_at = Moment()
    ends_at = Moment()
    people = serializers.IntegerField(min_value=1, max_value=100_000, required=False, default=1)
    layout = serializers.SlugField(required=False, default="")
    step_free = serializers.BooleanField(required=False, default=False)
    venue = serializers.SlugField(required=False, default="")


class BookingRequest(StrictSerializer):
    space = serializers.SlugField()
    layout = serializers.SlugField()
    event = serializers.SlugField(required=False)
    title = serializers.CharField(max_length=120)
    starts_at = Moment()
    ends_at = Moment()
    setup_minutes = WholeNumber(min_value=0, max_value=1440, required=False, default=0)
    clearup_minutes = WholeNumber(min_value=0, max_value=1440, required=False, default=0)
    people = WholeNumber(min_value=1, max_value=100_000)
    hold_until = Moment(required=False)
    as_option = serializers.BooleanField(required=False, default=False)


class ReleaseRequest(StrictSerializer):
    reason = serializers.CharField(max_length=200, required=False, default="Released by the API")


class LayoutAnswer(serializers.Serializer):
    slug = serializers.CharField()
    capacity = serializers.IntegerField()
    confirmed = serializers.BooleanField()


class SpaceAnswer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    venue = serializers.CharField()
    borough = serializers.CharField()
    layouts = LayoutAnswer(many=True)
    safe_capacity = serializers.IntegerField(allow_null=True)
    step_free = serializers.CharField()
    free = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class SpacesAnswer(serializers.Serializer):
    """In the shape of every list; all spaces fit one page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = SpaceAnswer(many=True)


class BookingAnswer(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.CharField()
    rank = serializers.IntegerField()
    space = serializers.CharField()
    layout = serializers.CharField(allow_null=True)
    event = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    setup_minutes = serializers.IntegerField()
    clearup_minutes = serializers.IntegerField()
    people = serializers.IntegerField()
    blocked_from = serializers.DateTimeField()
    blocked_until = serializers.DateTimeField()
    hold_until = serializers.DateTimeField(allow_null=True)
    release_reason = serializers.CharField()
