"""Who agreed to what: the door asks the rule of the form, at every age."""

import ast
from datetime import timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from door.domain import walk_ins
from tests.door.factories import TEN
from tests.factories import DAY, sign_up
from tickets.domain.changes import confirm_by_guardian
from tickets.domain.consents import give_consent, photos_agreed
from tickets.models import Consent, Ticket

pytestmark = pytest.mark.django_db

ANSWERS = ["here", "telephone", "nobody"]
LINK = {"here": "link", "telephone": "link", "nobody": ""}
CHOICES = list(product([False, True], repeat=3))  # the young person's photo, the guardian's, news


@pytest.fixture
def all_ages(event):
    event.min_age, event.max_age, event.capacity, event.safe_capacity = 0, 30, 2_000, 2_000
    event.save()
    return event


def at_the_door(device, name, age, answer, photo, guardian_photo, news) -> Ticket:
    """guardian_photo is asked only of one who spoke."""
    person = walk_ins.WalkIn(
        name=name,
        age=age,
        borough="wirral",
        email=f"{name}@example.org",
        adult_name="Gail Guardian",
        adult_phone="01632 960 010",
        photo=photo,
        news=news,
        **({"adult_is_here": True} if answer == "here" else {}),
        **({"adult_agreed_by_phone": True} if answer == "telephone" else {}),
        **({"adult_photo": guardian_photo} if answer != "nobody" and age < 16 and guardian_photo else {}),
    )
    walk_ins.walk_in(device=device, scan_id=uuid4(), person=person, scanned_at=TEN, now=TEN)
    return Ticket.objects.select_related("event").get(name=name)


def by_the_form(event, name, age, answer, photo, guardian_photo, news) -> Ticket:
    """The guardian who spoke answers by their link."""
    ticket = sign_up(event, name, age=age, photo=photo, news=news, now=DAY - timedelta(days=7))
    if age < 16 and answer != "nobody":
        confirm_by_guardian(guardian=ticket.guardian, photo=guardian_photo, now=DAY)
        if guardian_photo:
            give_consent(ticket=ticket, kind="photo", giver="guardian", now=DAY)
    return Ticket.objects.select_related("event").get(pk=ticket.pk)


def yeses(ticket) -> list[tuple[str, str]]:
    return sorted(ticket.consents.values_list("kind", "giver"))


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("rule", ["confirm", "with-adult"])
def test_the_door_is_the_form_at_every_age(all_ages, supervisor, rule, answer):
    """Where the guardian spoke, or none is asked for, both ways write the same."""
    all_ages.guardian_rule = supervisor.event.guardian_rule = rule
    all_ages.save()

    for age, (photo, guardian_photo, news) in product(range(31), CHOICES):
        case = (age, answer, photo, guardian_photo, news)
        door = at_the_door(supervisor, f"door-{age}-{photo}-{guardian_photo}-{news}", *case)
        form = by_the_form(all_ages, f"form-{age}-{photo}-{guardian_photo}-{news}", *case)

        givers = {giver for kind, giver in yeses(door) if kind == "photo"}
        assert door.no_photos is not photos_agreed(event=all_ages, age=age, givers=givers), case
        assert ("news", "owner") in yeses(door) if news and age >= 13 else "news" not in dict(yeses(door)), (
            case
        )
        if age >= 16:
            assert (door.state, door.no_photos, yeses(door)) == ("valid", form.no_photos, yeses(form)), case
        elif answer == "nobody":
            assert (door.state, door.no_photos, door.guardian.answer) == ("on-hold", True, "asked"), case
            assert ("photo", "guardian") not in yeses(door), case
        else:
            assert (door.state, door.guardian.answer) == ("valid", "confirmed"), case
            assert door.guardian.answered_how == answer, case
        if age < 16 and answer != "nobody" and (age >= 13 or guardian_photo or not photo):
            assert (door.no_photos, yeses(door)) == (form.no_photos, yeses(form)), case


def test_below_thirteen_a_childs_yes_counts_with_the_guardians_alone(all_ages, supervisor):
    """In the form it is the guardian who ticks it; at the door it may be the child."""
    alone = at_the_door(supervisor, "alone", 12, "here", True, False, False)
    both = at_the_door(supervisor, "both", 12, "here", True, True, False)

    assert (alone.no_photos, yeses(alone)) == (True, [])
    assert (both.no_photos, yeses(both)) == (False, [("photo", "guardian"), ("photo", "owner")])


GUARDIANS_FORM = {12}  # where no link is sent, the guardian who fills it in has agreed for both


@pytest.mark.parametrize("rule", ["confirm", "with-adult"])
@pytest.mark.parametrize("age", [12, 13, 15, 16, 17, None])
@pytest.mark.parametrize(
    "givers",
    [set(), {"owner"}, {"registrar"}, {"guardian"}, {"owner", "guardian"}, {"registrar", "guardian"}],
)
def test_below_sixteen_photos_take_two_yeses_of_which_one_is_the_guardians(event, rule, age, givers):
    event.guardian_rule = rule
    one_is_enough = age is None or age >= 16 or (rule == "with-adult" and age in GUARDIANS_FORM)

    agreed = photos_agreed(event=event, age=age, givers=givers)

    assert agreed is (len(givers) >= 1 if one_is_enough else len(givers) == 2)


def test_two_yeses_without_a_guardian_are_not_enough_below_sixteen(event):
    """The young person ticks it on their page, whom staff registered before."""
    assert not photos_agreed(event=event, age=15, givers={"owner", "registrar"})
    assert photos_agreed(event=event, age=16, givers={"owner", "registrar"})


def test_one_module_writes_consents():
    """No other module of the product makes a row of one."""
    root, writers = Path(settings.BASE_DIR), set()
    for app in ("accounts", "config", "events", "outbox", "printing", "reporting", "tickets"):
        for path in (root / app).rglob("*.py"):
            if "migrations" not in path.parts and any(map(_makes_a_consent, ast.walk(_tree(path)))):
                writers.add(str(path.relative_to(root)))

    assert writers == {"tickets/domain/consents.py"}
    assert Consent.objects.count() == 0


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _makes_a_consent(node: ast.AST) -> bool:
    """Consent(...), models.Consent(...), Consent.objects.create(...) and its like."""
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    makers = ("create", "get_or_create", "update_or_create")
    return called.split(".")[-1] == "Consent" or any(f"Consent.objects.{one}" in called for one in makers)
