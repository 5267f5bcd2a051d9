"""Does a postcode, however it is written, help to choose a borough and never lead into a dead end?"""

import pytest

from people.boroughs import Borough
from people.domain.postcodes import guess_borough


@pytest.mark.parametrize(
    ("written", "borough"),
    [
        ("l3 1bp", Borough.LIVERPOOL),
        ("L31BP", Borough.LIVERPOOL),
        (" L3  1BP ", Borough.LIVERPOOL),
        ("L3-1BP", Borough.LIVERPOOL),
        ("l3 lbp", Borough.LIVERPOOL),
        ("Ｌ３", Borough.LIVERPOOL),
        ("L3", Borough.LIVERPOOL),
        ("CH41 1AA", Borough.WIRRAL),
        ("WA10 1AA", Borough.ST_HELENS),
        ("PR8 1AA", Borough.SEFTON),
        ("L36 1AA", Borough.KNOWSLEY),
        ("WA7 1AA", Borough.HALTON),
        ("CH1 1AA", Borough.ELSEWHERE),
        ("WA1 1AA", Borough.ELSEWHERE),
        ("L39 1AA", Borough.ELSEWHERE),
    ],
)
def test_a_sure_one_is_chosen(written, borough):
    assert guess_borough(written).borough == borough


@pytest.mark.parametrize(
    ("written", "maybe"),
    [
        ("L10 1AA", (Borough.SEFTON, Borough.LIVERPOOL, Borough.KNOWSLEY)),
        ("L35 4AA", (Borough.KNOWSLEY, Borough.ST_HELENS, Borough.HALTON)),
        ("WN5 7AA", (Borough.ST_HELENS,)),
    ],
)
def test_what_lies_in_several_is_left_to_the_person(written, maybe):
    guess = guess_borough(written)

    assert (guess.borough, guess.maybe) == (None, maybe)


@pytest.mark.parametrize(
    "written", ["GIR 0AA", "BFPO 57", "BX1 1LT", "00000", "D02 AF30", "none", "", "L" * 200]
)
def test_what_we_do_not_know_chooses_nothing(written):
    guess = guess_borough(written)

    assert (guess.borough, guess.maybe) == (None, ())
