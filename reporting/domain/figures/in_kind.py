"""What would the spaces have cost? The in-kind value of confirmed bookings, for match funding."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q

from events.models import Booking
from reporting.domain.figures.attended_rows import Scope


@dataclass(frozen=True)
class InKind:
    """pounds: hours of hire, set-up and clear-up included, times the value that the venue gave."""

    pounds: int
    bookings: int
    without_value: int


def in_kind_value(scope: Scope) -> InKind:
    """One query over the confirmed bookings of the editions, as known at as_at."""
    bookings = (
        Booking.objects.filter(event__in=scope.events, confirmed_at__lte=scope.as_at)
        .filter(Q(released_at__isnull=True) | Q(released_at__gt=scope.as_at))
        .values_list("blocked_from", "blocked_until", "space__hourly_value")
    )
    total, number, without = Decimal(0), 0, 0
    for start, end, value in bookings:
        number += 1
        if value is None:
            without += 1
        else:
            total += Decimal((end - start).total_seconds()) / 3600 * value
    return InKind(int(total.quantize(Decimal(1), ROUND_HALF_UP)), number, without)
