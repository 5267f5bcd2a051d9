"""Does the desk find, hold, confirm, move and release spaces, and does nobody else's venue show?"""

from datetime import timedelta

import pytest

from events.models import Booking
from tests import factories
from tests.events.factories import TEN, answers, hold, sign_in

SEARCH = {"starts_date": "2026-12-01", "starts_time": "10:00", "ends_time": "14:00", "people": "40"}


@pytest.fixture(autouse=True)
def today(noon, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


@pytest.fixture
def hall(db):
    return factories.make_space("hall", capacity=60)


@pytest.fixture
def desk(organiser):
    return sign_in(organiser)


@pytest.fixture
def venue_desk(venue_person, hall):
    hall.venue.people.add(venue_person)
    return sign_in(venue_person)


@pytest.fixture
def elsewhere(db):
    """A space of a venue that the venue's person does not speak for."""
    return factories.make_space("elsewhere", venue=factories.make_venue("other-works", name="Other Works"))


def test_a_search_shows_free_spaces_first_and_why_others_do_not_do(desk, hall, organiser, noon):
    hold(hall, organiser, noon)
    factories.make_space("studio", capacity=80)
    factories.make_space("cupboard", capacity=4)

    page = desk.get("/desk/bookings/search/", SEARCH).content.decode()

    assert "1 space free" in page
    assert page.index("Studio") < page.index("Hall")
    assert "Booked: Showcase One, Tue 1 Dec, 10:00 to 14:00" in page
    assert "Holds 4 people at most as theatre" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_time": "10:00"}, "The end must be after the start"),
        ({"people": "many"}, "Enter a whole number"),
        ({"starts_date": "2126-12-01"}, "The start must be within three years"),
        ({"starts_date": "0001-01-01"}, "Enter a date like"),
        ({"ends_date": "2126-12-01"}, "Book at most 31 days at a time"),
        ({"starts_date": "2027-03-28", "starts_time": "01:30"}, "does not exist"),
        ({"starts_date": "2027-10-31", "starts_time": "01:30"}, "happens twice"),
        ({"venue": "nowhere"}, "Select a valid choice"),
        ({"setup_minutes": "-1"}, "Enter a whole number from 0"),
    ],
)
def test_a_search_at_fault_says_so(desk, hall, changes, words):
    response = desk.get("/desk/bookings/search/", SEARCH | changes)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_time_that_happens_twice_asks_which(desk, hall):
    night = answers(starts_date="2027-10-31", starts_time="01:30", ends_time="04:00")

    asked = desk.post(f"/desk/bookings/new/{hall.slug}/", night)
    desk.post(f"/desk/bookings/new/{hall.slug}/", night | {"starts_which": "second"})

    assert asked.status_code == 422
    assert "The second one, in winter time (GMT)" in asked.content.decode()
    assert Booking.objects.get().starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_a_hold_is_made_shown_confirmed_and_released(desk, hall):
    desk.post(f"/desk/bookings/new/{hall.slug}/", answers(setup_minutes="60"))
    booking = Booking.objects.get()
    page = f"/desk/bookings/{booking.pk}/"

    assert "Does the venue say yes?" in desk.get(page).content.decode()
    desk.post(f"{page}confirm/")
    assert "Confirmed" in desk.get(page).content.decode()
    silent = desk.post(f"{page}release/", {"reason": " "})
    desk.post(f"{page}release/", {"reason": "Moved elsewhere"})

    booking.refresh_from_db()
    assert silent.status_code == 422
    assert (booking.state, booking.release_reason) == ("released", "Moved elsewhere")
    assert "Released: Moved elsewhere" in desk.get(page).content.decode()


def test_a_clash_shows_what_is_free_and_takes_it_at_one_press(desk, hall, organiser, noon):
    hold(hall, organiser, noon)
    factories.make_space("studio", capacity=80)

    refused = desk.post(f"/desk/bookings/new/{hall.slug}/", answers())
    near = refused.context["same_space"][0]
    desk.post(f"/desk/bookings/new/{hall.slug}/", answers() | near["fields"])

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Hall is taken then" in page
    assert "Studio, Example Works" in page
    assert Booking.objects.filter(space=hall).count() == 2


def test_a_second_option_is_offered_over_a_hold_and_not_over_a_booking(desk, hall, organiser, noon):
    first = hold(hall, organiser, noon)
    offered = desk.post(f"/desk/bookings/new/{hall.slug}/", answers()).content.decode()
    desk.post(f"/desk/bookings/new/{hall.slug}/", answers(as_option="1", title="Second"))
    desk.post(f"/desk/bookings/{first.pk}/confirm/")

    refused = desk.post(f"/desk/bookings/new/{hall.slug}/", answers(as_option="1", title="Third"))

    assert "Take the second option" in offered
    assert Booking.objects.get(title="Second").rank == 2
    assert refused.status_code == 409
    assert "Take the second option" not in refused.content.decode()


def test_a_booking_moves_and_says_so(desk, hall, organiser, noon):
    booking = hold(hall, organiser, noon)
    desk.post(f"/desk/bookings/{booking.pk}/confirm/")

    desk.post(
        f"/desk/bookings/{booking.pk}/move/", answers(starts_time="12:00", ends_time="18:00", people="50")
    )

    booking.refresh_from_db()
    assert (booking.state, booking.people, booking.starts_at) == ("held", 50, TEN + timedelta(hours=2))


def test_a_repeat_lists_each_clash_and_holds_what_is_ticked(desk, hall, organiser, noon):
    hold(hall, organiser, noon, starts_at=TEN + timedelta(days=7), ends_at=TEN + timedelta(days=7, hours=1))
    wanted = answers(title="Weekly", repeat_every="7", repeat_until="2026-12-22")

    plan = desk.post(f"/desk/bookings/new/{hall.slug}/", wanted)
    dates = ["2026-12-01", "2026-12-08", "2026-12-22"]
    desk.post(f"/desk/bookings/new/{hall.slug}/", wanted | {"plan": "1", "dates": dates})

    held = Booking.objects.filter(title="Weekly")
    assert "3 of 4 dates are free" in plan.content.decode()
    assert "Showcase One in Hall, Tue 8 Dec, 10:00 to 11:00" in plan.content.decode()
    assert [one.starts_at.day for one in held] == [1, 22]
    assert held.values("repeat").distinct().count() == 1


def test_a_venues_person_sees_and_confirms_only_their_venue(venue_desk, hall, elsewhere, organiser, noon):
    ours, theirs = hold(hall, organiser, noon, title="Ours"), hold(elsewhere, organiser, noon, title="Theirs")

    listed = venue_desk.get("/desk/bookings/").content.decode()
    searched = venue_desk.get("/desk/bookings/search/", SEARCH).content.decode()
    answered = venue_desk.post(f"/desk/bookings/{ours.pk}/confirm/")

    assert "Ours" in listed
    assert "Theirs" not in listed
    assert "Other Works" not in searched
    assert answered.status_code == 302
    for address in ("", "confirm/", "move/", "release/"):
        url = f"/desk/bookings/{theirs.pk}/{address}"
        method = venue_desk.post if address == "confirm/" else venue_desk.get
        assert method(url).status_code == 404
    assert venue_desk.get(f"/desk/bookings/new/{elsewhere.slug}/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "held"


def test_alternatives_for_a_venues_person_are_their_own(venue_desk, hall, elsewhere, organiser, noon):
    hold(hall, organiser, noon)

    refused = venue_desk.post(f"/desk/bookings/new/{hall.slug}/", answers())

    assert refused.status_code == 409
    assert "Other Works" not in refused.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exports_quote_what_would_be_a_formula(desk, hall, organiser, noon, kind):
    hold(hall, organiser, noon, title="=HYPERLINK(1)")

    content = desk.get(f"/desk/bookings/bookings.{kind}").content

    if kind == "csv":
        assert b"'=HYPERLINK(1)" in content
    else:
        import io

        from openpyxl import load_workbook

        sheet = load_workbook(io.BytesIO(content)).active
        assert [cell.value for cell in sheet["D"]] == ["title", "'=HYPERLINK(1)"]
    assert organiser.name.encode() not in content


ADDRESSES = [
    "",
    "search/",
    "new/hall/",
    "bookings.csv",
    "bookings.xlsx",
    "{pk}/",
    "{pk}/move/",
    "{pk}/release/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_answers_and_refuses_strangers(client, desk, hall, organiser, board_member, noon, address):
    url = "/desk/bookings/" + address.format(pk=hold(hall, organiser, noon).pk)

    assert desk.get(url).status_code == 200
    assert client.get(url).status_code == 302
    assert sign_in(board_member).get(url).status_code == 403
    assert desk.delete(url).status_code == 405


def test_confirming_needs_a_post_and_a_right(client, desk, hall, organiser, board_member, noon):
    url = f"/desk/bookings/{hold(hall, organiser, noon).pk}/confirm/"

    assert desk.get(url).status_code == 405
    assert client.post(url).status_code == 302
    assert sign_in(board_member).post(url).status_code == 403
    assert desk.get(f"/desk/bookings/{2**70}/").status_code == 404
    assert Booking.objects.get().state == "held"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_any_number(desk, hall, organiser, noon, number, assert_statements):
    for index in range(number):
        start = TEN + timedelta(days=index)
        hold(hall, organiser, noon, starts_at=start, ends_at=start + timedelta(hours=1))

    with assert_statements(8):
        assert desk.get("/desk/bookings/").status_code == 200
