"""Does a door phone lose nothing without a network, behind a captive portal, with a wrong clock, killed?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from door.models import Admission, CheckIn, Device
from tests.browser.door_phone import (
    TRAVEL,
    clip_of,
    dismiss,
    door_phone,
    hand_scanner,
    pair,
    qr_of,
    shows,
    type_code,
)
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_door_goes_on_with_no_network_and_loses_nothing(live_server, open_day, ada, tmp_path):
    late = make_ticket(open_day, "Late Comer")
    clip = clip_of([qr_of(ada)], tmp_path / "clip.mjpeg")
    profile = tmp_path / "profile"

    with door_phone(clip, profile=profile) as context:
        page = pair(context, live_server, open_day)
        page.reload()
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        context.set_offline(True)
        page.reload()
        expect(page.locator("#status")).to_contain_text("Offline since", timeout=TRAVEL)
        page.get_by_role("button", name="Start camera").click()
        shows(page, "Let in", "Ada L", "Decided on this phone")
        expect(page.locator("#status")).to_contain_text("1 unsent")
        page.get_by_role("button", name="Next").click()
        page.close()

    assert not CheckIn.objects.exists()
    unissued = make_ticket(open_day, "Issued Later")

    with door_phone(clip, profile=profile) as context:
        context.set_offline(True)
        page = context.new_page()
        page.goto(f"{live_server.url}/door/")
        expect(page.locator("#status")).to_contain_text("1 unsent", timeout=TRAVEL)
        for text, word in [
            ("no code", "Again"),
            (code_of(late), "Let in"),
            ("A" * 26, "Stop"),
            (code_of(unissued), "Let in"),
            (code_of(ada), "Stop"),
        ]:
            hand_scanner(page, text)
            shows(page, word)
            dismiss(page)
        assert page.locator("#status").inner_text().endswith("unsent")
        context.set_offline(False)
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert Admission.objects.count() == 3
    rows = CheckIn.objects.exclude(decided="").values_list("verdict", "decided")
    assert all(verdict == decided for verdict, decided in rows)
    assert sorted(verdict for verdict, _ in rows)[:3] == ["admitted", "admitted", "admitted"]
    assert Device.objects.get().unsent_scans == 0


def test_captive_portal_is_never_taken_for_an_answer(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.route(
            "**/api/v1/**",
            lambda route: route.fulfill(
                status=200, content_type="text/html", body="<h1>Welcome to the free network</h1>"
            ),
        )
        type_code(page, code_of(ada))
        shows(page, "Let in", "Decided on this phone")
        expect(page.locator("#status")).to_contain_text("Offline since")
        page.unroute("**/api/v1/**")
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert CheckIn.objects.get().decided == "admitted"


def test_clock_that_is_two_hours_wrong_is_corrected(live_server, open_day, ada):
    late = make_ticket(open_day, "Late Comer")
    with door_phone() as context:
        context.clock.install(time=timezone.now() - timedelta(hours=2))
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        type_code(page, code_of(ada))
        shows(page, "Let in", "Decided on this phone")
        dismiss(page)
        context.set_offline(False)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)
        type_code(page, code_of(late))
        shows(page, "Let in", "Late C")

    for row in CheckIn.objects.all():
        assert abs(row.happened_at - row.recorded_at) < timedelta(minutes=1)
        assert row.recorded_at - row.scanned_at > timedelta(minutes=115)


def test_scan_of_a_phone_that_was_killed_at_any_step_is_not_lost(live_server, open_day, ada, tmp_path):
    grace = make_ticket(open_day, "Grace Hopper")
    profile = tmp_path / "profile"

    with door_phone(profile=profile) as context:
        page = pair(context, live_server, open_day)
        page.route("**/api/v1/check-ins/**", lambda route: None)  # asked, never answered
        type_code(page, code_of(ada))
        page.wait_for_timeout(300)
        page.close()
    with door_phone(profile=profile) as context:
        page = context.new_page()

        def answer_is_lost(route):
            route.fetch()
            route.abort()

        page.route("**/api/v1/check-ins/", answer_is_lost)
        page.goto(f"{live_server.url}/door/")
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        type_code(page, code_of(grace))
        page.wait_for_timeout(300)
        page.close()
    with door_phone(profile=profile) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/door/")
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert Admission.objects.inside().count() == 2
    assert CheckIn.objects.count() == 2
