"""Who was given what we hold, and who decided it? A parent does not get a child's data by the asking."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from desk.domain.subject_access import my_data
from desk.models import DataHandedOver
from foundation.refusals import InvalidInput
from tickets.models import Registration


def hand_over(*, registration: Registration, given_to: str, by: User, now: datetime) -> dict:
    """All we hold about a registration, with the decision to give it out on record.

    :raises InvalidInput: it is not said to whom
    """
    if given_to not in DataHandedOver.GivenTo.values:
        raise InvalidInput("Say who asked.", fields={"given_to": ["Choose who asked"]})
    with transaction.atomic():
        DataHandedOver.objects.create(
            registration=registration, given_to=given_to, decided_by=by, decided_at=now
        )
        return my_data(registration=registration)
