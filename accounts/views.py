"""Signing in by a one-time link; everything else is django-allauth's."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.domain.sign_in_links import use_link


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
