"""Signing in by a one-time link, a factor that proves itself when set up, and too many tries;
the rest is django-allauth's."""

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.domain.sign_in_links import use_link
from accounts.second_factor import FACTORS, prove_by_setting_up

TOO_MANY = "too_many_login_attempts"
LIMIT_WINDOW = 60  # seconds, that of allauth's limits on asking for a code


class LimitSaid:
    """Too many codes asked for: the words stay beside the field, and the answer is a 429 that says when."""

    def form_invalid(self, form):
        response = super().form_invalid(form)  # type: ignore[misc]  # that of the view beside it
        words = str(get_adapter().error_messages[TOO_MANY])  # one of allauth's two forms drops the code
        if any(words in faults for faults in form.errors.values()):
            response.status_code = 429
            response["Retry-After"] = str(LIMIT_WINDOW)
        return response


class LoginView(LimitSaid, allauth_views.LoginView):
    pass


class RequestLoginCodeView(LimitSaid, allauth_views.RequestLoginCodeView):
    pass


class ProvenAtOnce:
    """Setting a factor up takes using it, so the session has proved it."""

    def form_valid(self, form):
        response = super().form_valid(form)  # type: ignore[misc]  # that of the view beside it
        request = self.request  # type: ignore[attr-defined]
        newest = Authenticator.objects.filter(user=request.user, type__in=FACTORS).latest("pk")
        prove_by_setting_up(request, newest)
        return response


class ActivateTOTPView(ProvenAtOnce, totp_views.ActivateTOTPView):
    pass


class AddWebAuthnView(ProvenAtOnce, webauthn_views.AddWebAuthnView):
    pass


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_by_link(request, secret):
    """Opening the link asks for one tap, so that a preview by a mail program does not use it up."""
    if request.method == "POST":
        user = use_link(secret=secret, now=timezone.now())
        if user is not None:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            record_authentication(request, user, method="link")
            UserSession.objects.create_from_request(request)
            return redirect("/desk/")
        return render(request, "account/link_over.html", status=410)
    return render(request, "account/link.html")
