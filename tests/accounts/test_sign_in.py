"""Does somebody get in by an e-mailed code, with their second factor, and nobody else?"""

import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.domain.sign_in_links import make_link
from outbox.domain.mail_delivery import send_due
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_memory_of_tries(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


def ask_for_code(client, email: str):
    return client.post(reverse("account_login"), {"login": email}, follow=True)


def mailed_code() -> str:
    send_due(now=timezone.now())
    return re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[-1].body, re.M)[1]


def type_code(client, code: str):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def app_shows(secret: str) -> str:
    """The six figures that an authenticator app shows at this moment."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_by_email_signs_in(client, organiser):
    page = ask_for_code(client, organiser.email)
    done = type_code(client, mailed_code())

    assert "Type the code" in page.content.decode()
    assert mail.outbox[-1].to == [organiser.email]
    assert organiser.email not in mail.outbox[-1].subject
    assert done["Location"] == "/desk/"
    assert signed_in(client)


def test_signing_in_goes_back_to_the_page_that_was_wanted(client, organiser):
    client.post(reverse("account_login"), {"login": organiser.email, "next": "/desk/reach/"})
    done = client.post(reverse("account_confirm_login_code"), {"code": mailed_code(), "next": "/desk/reach/"})

    assert done["Location"] == "/desk/reach/"


def test_it_never_goes_to_another_site(client, organiser):
    client.post(reverse("account_login"), {"login": organiser.email, "next": "//evil.example"})
    done = client.post(
        reverse("account_confirm_login_code"), {"code": mailed_code(), "next": "//evil.example"}
    )

    assert done["Location"] == "/desk/"


def test_a_wrong_code_is_refused_in_words(client, organiser):
    ask_for_code(client, organiser.email)
    page = type_code(client, "WRONG1")

    assert not signed_in(client)
    assert "There is a problem" in page.content.decode()


def test_an_unknown_address_sees_the_same_and_gets_no_mail(client, organiser):
    known = ask_for_code(client, organiser.email).content.decode().replace(organiser.email, "ADDRESS")
    send_due(now=timezone.now())
    sent = len(mail.outbox)
    client.logout()
    unknown = (
        ask_for_code(client, "nobody@example.org").content.decode().replace("nobody@example.org", "ADDRESS")
    )

    def without_tokens(text):
        return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", text)

    send_due(now=timezone.now())
    assert without_tokens(unknown) == without_tokens(known)
    assert (sent, len(mail.outbox)) == (1, 1)


def test_nobody_can_sign_up(client):
    page = client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), {"email": "mallory@example.org"})

    assert "Organisers are invited" in page.content.decode()
    assert mail.outbox == []


def test_the_authenticator_app_is_the_second_step(client, organiser):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(organiser, secret)
    ask_for_code(client, organiser.email)
    first = type_code(client, mailed_code())
    after_first = signed_in(client)
    second = client.post(reverse("mfa_authenticate"), {"code": app_shows(secret)})

    assert first["Location"].startswith(reverse("mfa_authenticate"))
    assert not after_first
    assert second["Location"] == "/desk/"
    assert signed_in(client)


def test_a_recovery_code_replaces_a_lost_phone_once(client, organiser):
    totp.TOTP.activate(organiser, totp.generate_totp_secret())
    code = RecoveryCodes.activate(organiser).get_unused_codes()[0]

    def whole_way():
        ask_for_code(client, organiser.email)
        type_code(client, mailed_code())
        client.post(reverse("mfa_authenticate"), {"code": code})
        return signed_in(client)

    assert whole_way()
    client.logout()
    cache.clear()
    assert not whole_way()


def test_the_authenticator_app_is_set_up_by_its_first_code(client, organiser):
    ask_for_code(client, organiser.email)
    type_code(client, mailed_code())
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]* value="([A-Z2-7]+)"', page)[1]
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    before = Authenticator.objects.count()
    right = client.post(reverse("mfa_activate_totp"), {"code": app_shows(secret)}, follow=True)

    assert "There is a problem" in wrong.content.decode()
    assert before == 0
    assert right.status_code == 200
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def enrol(user) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def test_in_production_a_code_by_mail_alone_opens_neither_desk_nor_control_room(client, organiser, required):
    organiser.is_staff = organiser.is_superuser = True
    organiser.save()
    ask_for_code(client, organiser.email)
    type_code(client, mailed_code())

    answers = [
        client.get(path) for path in ("/desk/", "/control/", "/control/accounts/user/", "/account/email/")
    ]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert {answer["Location"] for answer in answers} == {reverse("mfa_index")}


def test_the_first_factor_proves_itself_and_shows_the_recovery_codes(client, organiser, required):
    ask_for_code(client, organiser.email)
    type_code(client, mailed_code())
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]* value="([A-Z2-7]+)"', page)[1]

    done = client.post(reverse("mfa_activate_totp"), {"code": app_shows(secret)})

    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert [client.get(path).status_code for path in (done["Location"], "/desk/")] == [200, 200]


def test_having_an_app_is_not_enough_the_session_has_to_show_it(client, organiser, required):
    """As after a link that was handed over, or a sign-in from before the app was set up."""
    secret = enrol(organiser)
    client.post(reverse("sign-in-link", args=[make_link(user=organiser, now=timezone.now())]))

    before = client.get("/desk/bookings/?page=1")
    other = [
        client.get(reverse(name)) for name in ("mfa_index", "mfa_add_webauthn", "mfa_view_recovery_codes")
    ]
    posted = client.post("/desk/events/new/")
    wrong = client.post(before["Location"], {"code": "000000"})
    right = client.post(before["Location"], {"code": app_shows(secret)})

    asked = reverse("mfa_reauthenticate")
    assert before["Location"] == f"{asked}?next=%2Fdesk%2Fbookings%2F%3Fpage%3D1"
    assert [one["Location"].split("?")[0] for one in (*other, posted)] == [asked] * 4
    assert wrong.status_code == 200
    assert right["Location"] == "/desk/bookings/?page=1"
    assert client.get("/desk/").status_code == 200


def test_the_second_step_of_signing_in_is_the_proof(client, organiser, required):
    secret = enrol(organiser)
    ask_for_code(client, organiser.email)
    step = type_code(client, mailed_code())
    client.post(reverse("mfa_authenticate"), {"code": app_shows(secret)})

    assert step["Location"] == reverse("mfa_authenticate")
    assert client.get("/desk/").status_code == 200


def test_a_stranger_hears_nothing_about_second_factors(client, required):
    client.force_login(factories.make_user(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/desk/bookings/").status_code == 403


def test_tokens_are_made_by_who_has_the_server_alone():
    """No page makes one: only the command calls for it."""
    root = Path(settings.BASE_DIR)
    found = {
        str(path.relative_to(root))
        for app in ("accounts", "config", "events", "outbox", "reporting", "tickets")
        for path in (root / app).rglob("*.py")
        if re.search(r"\bissue_token\(|ApiToken\.objects\.create\(", path.read_text(encoding="utf-8"))
    }

    assert found == {"accounts/domain/tokens.py", "accounts/management/commands/api_token.py"}


def test_a_link_signs_in_once(client, organiser, noon):
    address = reverse("sign-in-link", args=[make_link(user=organiser, now=timezone.now())])
    looked = client.get(address)
    first = client.post(address)
    client.logout()
    again = client.post(address)

    assert looked.status_code == 200
    assert first["Location"] == "/desk/"
    assert again.status_code == 410
    assert not signed_in(client)
