"""Is a house that is in use left alone by make run?"""

from django.core.management import call_command

from events.models import Event
from tests import factories


def test_if_empty_leaves_a_house_in_use_alone(db):
    factories.make_event("ours")

    call_command("seed_demo", "--if-empty")

    assert [event.slug for event in Event.objects.all()] == ["ours"]
