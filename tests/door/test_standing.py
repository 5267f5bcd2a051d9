"""Which second scan of a ticket says that two people came in on it?"""

from datetime import timedelta

import pytest

from door.domain.standing import CONFLICT, Move, fold
from tests.door.factories import TEN

MAIN, SIDE = 1, 2  # two phones
# "perhaps": refused as already admitted, and nobody told us what the steward did.
SECOND_SCANS = [
    # did, phone, overridden, two people
    ("in", SIDE, False, True),
    ("in", MAIN, False, True),
    ("perhaps", SIDE, False, True),
    ("perhaps", MAIN, False, False),
    ("in", SIDE, True, False),
    ("perhaps", SIDE, True, False),
    ("", SIDE, False, False),
]


@pytest.mark.parametrize(("did", "phone", "overridden", "is_second_person"), SECOND_SCANS)
def test_a_phone_that_scanned_both_would_have_known(did, phone, overridden, is_second_person):
    first = Move(1, TEN, "in", "admitted", device_id=MAIN)
    second = Move(
        2,
        TEN + timedelta(minutes=5),
        did,
        "already_admitted",
        device_id=phone,
        is_overridden=overridden,
    )

    standing = fold([second, first])

    assert standing.admitted_by == first
    assert standing.conflicts == ({2: 1} if is_second_person else {})
    assert standing.of_scans == {1: "admitted", 2: CONFLICT if is_second_person else "already_admitted"}


def test_somebody_who_left_comes_back_as_the_same_person():
    moves = [
        Move(1, TEN, "in", "admitted", device_id=MAIN),
        Move(2, TEN + timedelta(minutes=5), "out", "left", device_id=MAIN),
        Move(3, TEN + timedelta(minutes=9), "in", "admitted", device_id=SIDE),
    ]

    standing = fold(moves)

    assert (standing.conflicts, standing.of_scans[3], standing.is_inside) == ({}, "readmitted", True)
