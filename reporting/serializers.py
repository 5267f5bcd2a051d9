"""What shape does the report have in the API? Shape only; the figures come from domain/."""

from rest_framework import serializers

from events.serializers import Moment


class AskedMoment(Moment):
    """A plus sign that a query string turned into a space is forgiven."""

    def to_internal_value(self, value):
        moment = super().to_internal_value(
            value.strip().replace(" ", "+") if isinstance(value, str) else value
        )
        if not 2000 <= moment.year <= 2200:
            raise serializers.ValidationError("Send a moment between the years 2000 and 2200.")
        return moment


class ReachQuery(serializers.Serializer):
    as_at = AskedMoment(required=False, help_text="what the system knew then; left out or in the future: now")
    public = serializers.BooleanField(
        required=False, default=False, help_text="as a public report would show it"
    )


class NumberOrHidden(serializers.JSONField):
    """A number, or "*" in public figures where it is from 1 to 7."""


class ReachAnswer(serializers.Serializer):
    target = serializers.CharField()
    title = serializers.CharField()
    rung = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.CharField()
    as_at = serializers.DateTimeField()
    goal = serializers.JSONField(help_text="a number, or {low, high}")
    value = NumberOrHidden()
    low = NumberOrHidden()
    high = NumberOrHidden()
    share = serializers.FloatField(allow_null=True)
    by_borough = serializers.DictField(child=NumberOrHidden())
    by_age_band = serializers.DictField(child=NumberOrHidden())
    by_edition = serializers.DictField(child=NumberOrHidden())
    editions = serializers.ListField(child=serializers.DictField())
    funnel = serializers.DictField(child=NumberOrHidden())
    evidence = serializers.DictField(child=NumberOrHidden())
    left_out = serializers.ListField(child=serializers.DictField())
    notes = serializers.ListField(child=serializers.CharField())
    rule_version = serializers.CharField()
    digest = serializers.CharField(allow_blank=True)
