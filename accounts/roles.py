"""Which roles are there, and who has one?

A role is a Django group. What a role may do with a row (a venue, an event) is a rules predicate in the
app that owns the row, built on the predicates here.
"""

import rules

ORGANISER = "organiser"
SUPERVISOR = "supervisor"
WELFARE = "welfare"
VENUE = "venue"
BOARD = "board"
ROLES = (ORGANISER, SUPERVISOR, WELFARE, VENUE, BOARD)


def know_roles(user, names: set[str]) -> None:
    """Tell the roles of a user that were read already; the rules library looks here before it asks."""
    user._group_names_cache = names


def _has_role(name: str):
    return rules.is_group_member(name)


is_organiser = _has_role(ORGANISER) | rules.is_superuser
is_supervisor = _has_role(SUPERVISOR) | is_organiser
is_welfare = _has_role(WELFARE)
is_venue_person = _has_role(VENUE)
is_board = _has_role(BOARD)


def has_any_role(user) -> bool:
    """Whoever has a role, or may use the control room. One query; rules.is_group_member then asks none."""
    if user.is_staff or user.is_superuser:
        return True
    know_roles(user, set(user.groups.values_list("name", flat=True)))
    return bool(user._group_names_cache & set(ROLES))
