"""Can the duty team do on a phone what only they may:
let in all the same, find, count, collect, call, call the roll?"""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from door.domain.pins import set_pin
from door.domain.roll_calls import card_text, mark_seen
from door.models import Admission, CheckIn, ContactOpened, PartyCount, RollCallMark
from tests import factories
from tests.browser.door_phone import (
    TRAVEL,
    clip_of,
    dismiss,
    door_phone,
    menu,
    pair,
    shows,
    type_code,
)
from tests.door.factories import code_of, make_phone, make_ticket
from tickets.domain.groups import Party, register_group
from tickets.domain.registration import Contact
from tickets.models import Guardian

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def unlock(page: Page, event, role: str, pin: str) -> None:
    set_pin(event=event, role=role, pin=pin, now=timezone.now(), by=None)
    menu(page, "Supervisor or welfare PIN")
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_role("button", name="Unlock for 12 hours").click()
    expect(page.locator("#unlock")).to_be_hidden(timeout=TRAVEL)


def test_supervisor_overrides_undoes_searches_and_walks_people_in(live_server, open_day):
    blocked = make_ticket(open_day, "Bo Blocked", state="blocked")
    make_ticket(open_day, "Siân Nguyễn")
    type(open_day).objects.update(serials_issued=2, places_taken=2)

    with door_phone() as context:
        page = pair(context, live_server, open_day)
        type_code(page, code_of(blocked))
        shows(page, "Stop", "paused")
        expect(page.get_by_role("button", name="Let in all the same")).to_be_hidden()
        dismiss(page)
        unlock(page, open_day, "supervisor", "274951")
        page.wait_for_timeout(3_100)  # the same code again is ignored for 3 seconds
        type_code(page, code_of(blocked))
        page.get_by_role("button", name="Let in all the same").click()
        page.get_by_label("Reason", exact=True).fill("Their teacher is here")
        page.get_by_role("button", name="Let in", exact=True).click()
        shows(page, "Let in", "Bo B")
        dismiss(page)
        page.get_by_role("button", name="Undo Let in: Bo B").click()
        page.get_by_role("button", name="Wrong person").click()
        expect(page.locator("#last")).to_contain_text("(undone)", timeout=TRAVEL)

        menu(page, "Search by name")
        page.get_by_label("Name, at least 3 letters").fill("sian")
        page.get_by_role("button", name="Search", exact=True).click()
        page.get_by_role("button", name="Siân N").click()
        shows(page, "Let in", "Siân N")
        dismiss(page)

        menu(page, "Walk-in")
        page.get_by_label("Their name").fill("Cleo Child")
        page.get_by_label("Age today").fill("14")
        page.get_by_role("radio", name="Wirral").check()
        page.get_by_role("button", name="Keep a place, on hold").click()
        expect(page.locator("#walk-in-error")).to_contain_text("Enter a name", timeout=TRAVEL)
        page.get_by_label("Parent or guardian’s name").fill("Gail Guardian")
        expect(page.get_by_role("button", name="Keep a place, on hold")).to_be_visible()
        page.get_by_role("radio", name="They are here with them").check()
        page.get_by_label("They say yes to photos").check()
        page.get_by_label("The adult says yes to photos, too").check()
        page.get_by_role("button", name="Let them in").click()
        shows(page, "Let in", "Cleo C", "Under 16")

    override = CheckIn.objects.get(overridden_verdict="blocked")
    assert (override.override_reason, override.undone_by.undo_reason) == (
        "Their teacher is here",
        "Wrong person",
    )
    assert sorted(Admission.objects.standing().values_list("ticket__name", flat=True)) == [
        "Cleo Child",
        "Siân Nguyễn",
    ]
    guardian = Guardian.objects.get()
    assert (guardian.name, guardian.answered_how, guardian.ticket.no_photos) == (
        "Gail Guardian",
        "here",
        False,
    )


def example_school(event):
    return register_group(
        event=event,
        lead=Contact(name="Tina Teacher", email="tina@example.org", phone="01632 960 001"),
        party=Party(
            organisation="Example School", heads={"11-13": 4, "14-15": 3}, adults=2, borough="wirral"
        ),
        declares_consent=True,
        vouched_by="registrar",
        now=timezone.now(),
    ).tickets


def test_group_comes_in_by_ticks_or_by_heads_with_no_network(live_server, open_day):
    party = example_school(open_day)
    lead, colleague = [ticket for ticket in party if ticket.is_adult_of_group]
    child = next(ticket for ticket in party if ticket.age_band == "11-13")

    with door_phone() as context:
        page = pair(context, live_server, open_day)
        type_code(page, code_of(lead))
        shows(page, "Let in", "Group")
        dismiss(page)
        page.get_by_role("button", name="The rest of this group").click()
        expect(page.locator("#party-title")).to_have_text("Example School", timeout=TRAVEL)
        page.get_by_label(f"Guest {colleague.serial}, adult").check()
        page.get_by_label(f"Guest {child.serial}, 11 to 13").check()
        page.get_by_role("button", name="Let in the 2 ticked").click()
        shows(page, "Let in", "2 of the group are let in")
        dismiss(page)
        assert Admission.objects.inside().count() == 3

        context.set_offline(True)
        page.get_by_role("button", name="The rest of this group").click()
        expect(page.locator("#party-error")).to_contain_text("No network", timeout=TRAVEL)
        page.get_by_label("11 to 13").fill("4")
        page.get_by_label("14 to 15").fill("2")
        page.get_by_label("Adults with them").fill("2")
        page.get_by_role("button", name="Let in by count").click()
        shows(page, "Let in", "Decided on this phone")
        expect(page.locator("#status")).to_contain_text("1 unsent")
        context.set_offline(False)
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert Admission.objects.inside().count() == 8
    assert PartyCount.objects.get().heads_by_band == {"11-13": 4, "14-15": 2}


def test_group_of_known_size_takes_no_more_heads_with_no_network(live_server, open_day):
    lead = next(ticket for ticket in example_school(open_day) if ticket.is_adult_of_group)
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        type_code(page, code_of(lead))
        shows(page, "Let in", "Group")
        dismiss(page)
        page.get_by_role("button", name="The rest of this group").click()
        expect(page.locator("#party-title")).to_have_text("Example School", timeout=TRAVEL)
        page.locator("#party").get_by_role("button", name="Back to scanning").click()
        context.set_offline(True)
        page.get_by_role("button", name="The rest of this group").click()
        expect(page.locator("#party-error")).to_contain_text("No network", timeout=TRAVEL)
        page.get_by_label("11 to 13").fill("14")
        page.get_by_role("button", name="Let in by count").click()
        expect(page.locator("#party-error")).to_have_text(
            "The group has 4 of 11 to 13. Count again, and walk in who has no ticket."
        )
        expect(page.locator("#status")).not_to_contain_text("unsent")

    assert not PartyCount.objects.exists()


def test_heads_that_the_server_has_no_ticket_for_come_back_to_the_phone(live_server, open_day):
    lead = next(ticket for ticket in example_school(open_day) if ticket.is_adult_of_group)
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        type_code(page, code_of(lead))
        shows(page, "Let in", "Group")
        dismiss(page)
        page.get_by_role("button", name="The rest of this group").click()
        expect(page.locator("#party-error")).to_contain_text("does not know the group’s size", timeout=TRAVEL)
        page.get_by_label("11 to 13").fill("10")
        page.get_by_label("14 to 15").fill("3")
        page.get_by_role("button", name="Let in by count").click()
        shows(page, "Let in", "13 of the group")
        dismiss(page)
        context.set_offline(False)
        note = page.locator("#party-note")
        expect(note).to_contain_text("6 of them have no ticket", timeout=TRAVEL)
        page.reload()
        expect(note).to_contain_text("A group of 13 was counted in here")
        page.get_by_role("button", name="I have told them").click()
        expect(note).to_be_hidden()

    assert PartyCount.objects.get().heads_by_band == {"11-13": 10, "14-15": 3}


def test_exit_of_an_under_16_asks_who_collects_them(live_server, open_day):
    cleo = make_ticket(open_day, "Cleo Child", age=14, age_band="14-15", may_leave_alone=True)

    with door_phone() as context:
        page = pair(context, live_server, open_day)
        type_code(page, code_of(cleo))
        shows(page, "Let in", "Under 16", "May leave alone")
        dismiss(page)
        page.get_by_role("radio", name="Out").check()
        page.wait_for_timeout(3_100)
        type_code(page, code_of(cleo))
        page.get_by_role("button", name="They stay inside").click()
        expect(page.locator("#collect")).to_be_hidden()
        page.wait_for_timeout(3_100)
        type_code(page, code_of(cleo))
        page.get_by_role("button", name="May leave alone").click()
        shows(page, "Out")

    assert list(CheckIn.objects.order_by("pk").values_list("verdict", "collection")) == [
        ("admitted", ""),
        ("left", "leaves-alone"),
    ]


def test_collecting_adults_name_is_on_the_screen_to_match(live_server, open_day):
    known = factories.sign_up(open_day, "Cleo Child", age=14, now=timezone.now())
    unknown = make_ticket(open_day, "Uma Child", age=13, age_band="11-13")

    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("radio", name="Out").check()
        sheet = page.locator("#collect")
        type_code(page, code_of(known))
        expect(sheet.locator("#collect-adult")).to_have_text("Gail Guardian")
        expect(sheet.get_by_role("button", name="no name to check")).to_be_hidden()
        sheet.get_by_role("button", name="it matches").click()
        shows(page, "Out", "Cleo C")
        dismiss(page)
        assert "Gail" not in page.content()
        type_code(page, code_of(unknown))
        expect(sheet.get_by_role("button", name="it matches")).to_be_hidden()
        sheet.get_by_role("button", name="An adult; no name to check here").click()
        shows(page, "Out", "Uma C")
        dismiss(page)
        page.wait_for_timeout(3_100)
        type_code(page, code_of(unknown)[:10])  # ten letters do not open the ticket
        expect(sheet).to_contain_text("Are they under 16?")
        sheet.get_by_role("button", name="They stay inside").click()

    assert list(CheckIn.objects.order_by("pk").values_list("verdict", "collection")) == [
        ("left", "name-matches"),
        ("left", "adult-came"),
    ]


def test_welfare_sees_whom_to_call_and_it_is_kept(live_server, open_day):
    cleo = factories.sign_up(open_day, "Cleo Child", age=14, now=timezone.now())

    with door_phone() as context:
        page = pair(context, live_server, open_day)
        unlock(page, open_day, "welfare", "583920")
        type_code(page, code_of(cleo))
        shows(page, "Wait", "guardian")
        dismiss(page)
        menu(page, "Whom to call")
        page.get_by_role("button", name="They feel ill").click()
        expect(page.get_by_role("link", name="Call 01632 960 010")).to_be_visible(timeout=TRAVEL)
        page.locator("#contact").get_by_role("button", name="Back to scanning").click()
        expect(page.locator("#contact-answer")).to_be_empty()
        assert "Gail" not in page.content()

    assert ContactOpened.objects.get().reason == "They feel ill"


def test_roll_call_opens_by_the_duty_card_with_no_network_and_marks_merge(live_server, open_day, tmp_path):
    card = card_text(event=open_day, now=timezone.now())
    clip = clip_of([card], tmp_path / "clip.mjpeg")
    adult = make_ticket(open_day, "Abe Adult", age=19, age_band="19-24")
    child = make_ticket(open_day, "Cleo Child", age=14, age_band="14-15")
    gone = make_ticket(open_day, "Gone Home")

    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        for ticket in (adult, child):
            type_code(page, code_of(ticket))
            shows(page, "Let in")
            dismiss(page)
        assert page.get_by_text("Cleo Child").count() == 0
        context.set_offline(True)
        menu(page, "Roll-call")
        page.get_by_label("Letters of the duty card").fill("A" * 26)
        page.get_by_role("button", name="Open the list").click()
        expect(page.locator("#card-error")).to_contain_text("does not open", timeout=TRAVEL)
        page.locator("#card").get_by_role("button", name="Back to scanning").click()
        page.get_by_role("button", name="Start camera").click()
        expect(page.locator("#roll-call-count")).to_have_text("0 of 2 seen", timeout=TRAVEL)
        rows = page.locator("#roll-call-list li")
        assert [rows.nth(place).locator("strong").inner_text() for place in (0, 1)] == ["Cleo C", "Abe A"]
        page.get_by_role("button", name="Mark seen: Cleo C").click()
        expect(page.locator("#roll-call-count")).to_have_text("1 of 2 seen")
        other = make_phone(open_day, name="Other phone")
        mark_seen(
            device=other,
            serials=[adult.serial, gone.serial],
            opened_at=timezone.now(),
            is_drill=False,
            now=timezone.now(),
        )
        context.set_offline(False)
        expect(page.locator("#roll-call-count")).to_have_text("2 of 2 seen", timeout=TRAVEL)
        page.get_by_role("button", name="Close the list").click()
        expect(page.locator("#roll-call")).not_to_contain_text("Cleo C")

    assert sorted(RollCallMark.objects.values_list("ticket__name", flat=True)) == [
        "Abe Adult",
        "Cleo Child",
        "Gone Home",
    ]
    assert not CheckIn.objects.filter(verdict="unknown").exists()
