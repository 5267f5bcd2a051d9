"""How does a template draw what an edition or a session is about?"""

from django import template

from events.marks import ground_of, mark_svg, shapes_of

register = template.Library()


@register.simple_tag
def mark(strands, seed: str):
    """{% mark event.strands.all event.slug %}: the mark of an edition or session."""
    return mark_svg(shapes=shapes_of(strands), seed=seed)


@register.filter
def ground(strands) -> str:
    """{{ event.strands.all|ground }}: music, film, games, meet or plain, for a class name."""
    return ground_of(strands)
