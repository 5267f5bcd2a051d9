"""Did this session prove a second factor? In production nobody with a role gets anywhere without."""

from functools import partial
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject

from accounts.roles import has_any_role

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Every staff path begins so (tests/house/test_second_factor.py); everywhere else the session is nobody's.
STAFF = ("/desk/", "/control/", "/account/")
ALWAYS = {
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_logout",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "sign-in-link",
}
PROVE = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
SET_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn"}


class SecondFactorMiddleware:
    """Where SECOND_FACTOR_REQUIRED is set (always in production), asked of whoever has a role.

    Until the session proved a second factor, or came by a passkey, staff paths lead to the page that asks
    for it, or that sets one up where there is none. On all other paths the person is nobody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SECOND_FACTOR_REQUIRED and settings.SESSION_COOKIE_NAME in request.COOKIES:
            if not request.path_info.startswith(STAFF):
                request.user = SimpleLazyObject(partial(_nobody_unproved, request, request.user))
            elif lacks_proof(request, request.user):
                return _ask(request) or self.get_response(request)
        return self.get_response(request)


def lacks_proof(request, user) -> bool:
    """Whether somebody with a role is signed in by a session that proved no second factor."""
    return user.is_authenticated and not proved(request, user) and has_any_role(user)


def proved(request, user) -> bool:
    """A code of the app, a recovery code or a passkey was shown in this session: allauth records each."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def prove_by_setting_up(request, authenticator: Authenticator) -> None:
    """Who has just set up a factor by using it has shown it, and may see the recovery codes at once."""
    record_authentication(
        request,
        authenticator.user,
        "mfa",
        id=authenticator.pk,
        type=authenticator.type,
        reauthenticated=True,
    )


def _nobody_unproved(request, user):
    return AnonymousUser() if lacks_proof(request, user) else user


def _ask(request):
    """The way to the second factor; None where the path is a step of it."""
    has_factor = is_mfa_enabled(request.user, FACTORS)
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        name = None
    if name in ALWAYS or name in (PROVE if has_factor else SET_UP):
        return None
    if not has_factor:
        messages.info(request, "Please add a passkey or an authenticator app first.")
        return redirect("mfa_index")
    after = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': after})}")
