"""Can a published report be turned back into a person? An attack on 200 random tables, with a control run."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.domain.disclosure import HIDDEN, beside, public_number, public_share, public_values, settled_on
from reporting.domain.invitations import record_invitation
from reporting.domain.presenter import tell
from reporting.domain.reach import measure_reach
from tests.reporting.programme import attend, make_programme, make_target, make_ticket

NOW = timezone.now()
SMALL = range(1, 5)  # cells that would point at somebody
ROWS, COLUMNS = 8, 6  # boroughs and age bands


def random_table(chance: random.Random) -> list[list[int]]:
    """500 people over boroughs and bands, uneven as life is."""
    weights = [chance.random() ** 3 + 0.01 for _ in range(ROWS * COLUMNS)]
    table = [[0] * COLUMNS for _ in range(ROWS)]
    for place in chance.choices(range(ROWS * COLUMNS), weights, k=500):
        table[place // COLUMNS][place % COLUMNS] += 1
    return table


def interval(shown: int | str, *, naive: bool) -> list[int]:
    """What a reader can conclude from one published number."""
    if shown == HIDDEN:
        return [1, 4] if naive else [1, 7]
    if naive or shown == 0:
        return [shown, shown]
    return [max(8, shown - 2), shown + 2]


def attack(table: list[list[int]], *, naive: bool) -> tuple[int, int]:
    """(small cells, small cells recovered) by interval propagation over rows, columns and the grand total."""
    show = (lambda n: HIDDEN if n in SMALL else n) if naive else public_number
    cells = [[interval(show(n), naive=naive) for n in row] for row in table]
    rows = [interval(show(sum(row)), naive=naive) for row in table]
    columns = [interval(show(sum(row[c] for row in table)), naive=naive) for c in range(COLUMNS)]
    total = interval(show(sum(map(sum, table))), naive=naive)
    lines = [([cells[r][c] for c in range(COLUMNS)], rows[r]) for r in range(ROWS)]
    lines += [([cells[r][c] for r in range(ROWS)], columns[c]) for c in range(COLUMNS)]
    lines += [(rows, total), (columns, total)]
    changed = True
    while changed:
        changed = False
        for parts, whole in lines:
            low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
            changed |= tighten(whole, low, high)
            for part in parts:
                changed |= tighten(part, whole[0] - (high - part[1]), whole[1] - (low - part[0]))
    small = [(r, c) for r in range(ROWS) for c in range(COLUMNS) if table[r][c] in SMALL]
    return len(small), sum(cells[r][c][0] == cells[r][c][1] for r, c in small)


def tighten(bounds: list[int], low: int, high: int) -> bool:
    new = [max(bounds[0], low), min(bounds[1], high)]
    if new == bounds:
        return False
    bounds[:] = new
    return True


def recovered(*, naive: bool) -> float:
    chance = random.Random(20261124)
    tables = [attack(random_table(chance), naive=naive) for _ in range(200)]
    return sum(found for _, found in tables) / sum(small for small, _ in tables)


def test_attack_recovers_at_most_one_small_cell_in_a_hundred():
    assert recovered(naive=False) <= 0.01


def test_attack_can_succeed():
    """The control run: hiding small cells alone and printing exact totals leaks plenty."""
    assert recovered(naive=True) > 0.3


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(0, 0), (1, "*"), (7, "*"), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (412, 410), (413, 415)],
)
def test_public_number(exact, shown):
    assert public_number(exact) == shown


@pytest.mark.parametrize(
    ("exact", "goal", "shown"),
    [
        (497, 500, 495),
        (499, 500, 495),
        (500, 500, 500),
        (502, 502, 505),
        (503, 502, 505),
        (3, 500, "*"),
        (0, 5, 0),
    ],
)
def test_a_rounded_number_never_crosses_its_goal(exact, goal, shown):
    assert beside(exact, goal=goal) == shown


@pytest.mark.django_db
def test_what_organisers_did_is_exact_in_public():
    target = make_target(rung="invited", goal=5, goal_high=10)
    for number in range(6):
        invite = {"invited_on": NOW.date(), "invited_by": "Olive", "evidence": f"letter {number}"}
        record_invitation(name=f"Guest {number}", series=target.series, now=NOW, **invite)

    public = public_values(measure_reach(target=target, as_at=NOW).as_values())

    assert [public[key] for key in ("value", "low", "high", "is_met")] == [6, 6, 6, True]
    assert public["invitations"] == {
        "longlisted": 6,
        "invited": 6,
        "accepted": 0,
        "declined": 0,
        "no_reply": 6,
        "came": 0,
        "published": 0,
    }
    assert tell(public).sentence == "6 influencers invited: the promise of 5 to 10 is kept."


def test_a_trait_that_few_people_moved_stands_as_it_was():
    values = {
        "by_borough": {"halton": 12},
        "by_age_band": {},
        "by_edition": {},
        "by_school_type": {},
        "by_strand": {},
        "convergence": {},
    }
    first = settled_on(values, before=None)

    one_more = settled_on(values | {"by_borough": {"halton": 13}}, before=first)
    many_more = settled_on(values | {"by_borough": {"halton": 20}}, before=one_more)

    assert one_more["by_borough"] == {"halton": 12}
    assert many_more["by_borough"] == {"halton": 20}


@pytest.mark.django_db
def test_one_more_person_changes_no_trait_between_two_reports():
    target, events = make_programme(people=90)
    now = timezone.now()
    exact = measure_reach(target=target, as_at=now).as_values()
    first, before = public_values(exact), settled_on(exact, before=None)
    for number in range(7):
        ticket = make_ticket(events[0], f"New {number} Example", age=24, borough="halton")
        attend(ticket, recorded_at=now + timedelta(minutes=number))

    later = measure_reach(target=target, as_at=now + timedelta(days=1)).as_values()
    second = public_values(later, before=before)

    assert later["by_borough"]["halton"] == exact["by_borough"]["halton"] + 7
    for trait in ("by_borough", "by_age_band", "by_edition"):
        assert second[trait] == first[trait]


@pytest.mark.django_db
def test_no_face_of_a_public_report_holds_a_number_that_is_not_public():
    target, _ = make_programme(people=60, seed=3)
    exact = measure_reach(target=target, as_at=timezone.now()).as_values()

    public = public_values(exact)
    told = tell(public)

    numbers = [
        n for key in ("by_borough", "by_age_band", "by_edition", "funnel") for n in public[key].values()
    ]
    assert all(n == HIDDEN or n % 5 == 0 for n in numbers)
    assert any(n == HIDDEN for n in numbers)
    assert all(row[1] == "*" or int(row[1]) % 5 == 0 for row in told.tables["by_borough"].rows)
    assert public["share"] is None or exact["value"] >= 25
    assert "digest" not in told.sentence


def test_a_share_is_withheld_below_twenty_five_people():
    assert [public_share(0.4, base=base) for base in (0, 24, 25)] == [None, None, 0.4]
