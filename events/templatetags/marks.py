"""How does a template show what an edition or a session is about, and whom it is for?"""

from django import template

from events.marks import ground_of, mark_svg, printed_mark, shapes_of
from events.models import Event

register = template.Library()


@register.simple_tag
def mark(strands, seed: str):
    """{% mark event.strands.all event.slug %}: the mark of an edition or session."""
    return mark_svg(shapes=shapes_of(strands), seed=seed)


@register.simple_tag
def mark_on_paper(strands, seed: str):
    """The same mark for a PDF."""
    return printed_mark(shapes=shapes_of(strands), seed=seed)


@register.filter
def ground(strands) -> str:
    """{{ event.strands.all|ground }}: music, film, games, meet or plain, for a class name."""
    return ground_of(strands)


@register.filter
def ages(event: Event) -> str:
    """{{ event|ages }}: whom an edition is for, in words."""
    if event.min_age is not None and event.max_age is not None:
        return f"Ages {event.min_age} to {event.max_age}"
    if event.min_age is not None:
        return f"Ages {event.min_age} and over"
    if event.max_age is not None:
        return f"Ages up to {event.max_age}"
    return "All ages"
