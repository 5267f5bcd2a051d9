"""Does signing in work in a real browser under our strict policy: by code, by passkey, without JavaScript?"""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import expect

from tests.browser.door_phone import door_phone
from tests.browser.signing_in import sign_in_by_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TRAVEL = 15_000  # milliseconds


@pytest.fixture(autouse=True)
def fresh(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


def with_authenticator(context, page) -> None:
    """A device that can keep passkeys and always says yes."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def local(live_server) -> str:
    """A passkey belongs to a name, never to a number."""
    return live_server.url.replace("127.0.0.1", "localhost")


def test_a_passkey_is_added_and_signs_in(live_server, organiser):
    address = local(live_server)
    with door_phone() as context:
        page = context.new_page()
        refused = []
        page.on(
            "console",
            lambda message: refused.append(message.text) if "Security Policy" in message.text else None,
        )
        with_authenticator(context, page)
        sign_in_by_code(page, address, organiser.email)
        page.goto(f"{address}/account/2fa/webauthn/add/")
        page.get_by_label("A name for it").fill("My phone")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Add a passkey", timeout=TRAVEL)
        kept = Authenticator.objects.filter(user=organiser, type="webauthn").count()

        context.clear_cookies()
        page.goto(f"{address}/account/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{address}/desk/", timeout=TRAVEL)

        assert kept == 1
        assert refused == []


def test_a_code_signs_in_without_javascript(live_server, organiser):
    with door_phone() as context:
        plain = context.browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
        sign_in_by_code(plain.new_page(), live_server.url, organiser.email)

        assert "session" in {cookie["name"] for cookie in plain.cookies()}
