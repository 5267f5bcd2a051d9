"""Which numbers and addresses are taken, and which are one?"""

import pytest

from people.domain.contacts import normal_email, normal_phone, phone_fault


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0151 496 0000", "+441514960000"),
        ("0151 496 0000 ext 123", "+441514960000"),
        ("0151-496-0000 x12", "+441514960000"),
        ("\u202d0151 496 0000\u202c", "+441514960000"),
        ("(0151) 496.0000", "+441514960000"),
        ("+44 (0)151 496 0000", "+441514960000"),
        ("0044 151 496 0000", "+441514960000"),
        ("０１５１ ４９６ ００００", "+441514960000"),
        ("07700 900123", "+447700900123"),
        ("+353 1 234 5678", "+35312345678"),
        ("+48 601 234 567", "+48601234567"),
        ("0800 1111", "+448001111"),
    ],
)
def test_a_number_is_taken_and_known_again_however_it_is_written(typed, number):
    assert phone_fault(typed) is None
    assert normal_phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "1234567", "999", "0151", "call me", "ring 0151 496 0000", "+44", "0" * 41, "\0", "07700 900"],
)
def test_what_is_no_number_is_refused(typed):
    assert phone_fault(typed) == "Enter a phone number, like 01632 960 001"
    assert normal_phone(typed) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "Ada@Gmail.com",
        "ada+showcase@gmail.com",
        " ada@googlemail.com ",
        "\u200eada@gmail.com",
        "ADA+1@GOOGLEMAIL.COM",
    ],
)
def test_an_address_is_known_again_however_it_is_written(typed):
    assert normal_email(typed) == "ada@gmail.com"


def test_other_addresses_stay_apart():
    assert len({normal_email(one) for one in ("a.da@gmail.com", "ada@gmail.com", "ada@example.org")}) == 3
