"""Which edition does an address of the desk mean?"""

from django.shortcuts import get_object_or_404

from events.models import Event
from events.rules import visible_events


def visible_event(request, slug: str) -> Event:
    """The edition with its series and venue; one that this user may not see looks the same as none at all."""
    return get_object_or_404(visible_events(request.user).select_related("series", "venue"), slug=slug)
