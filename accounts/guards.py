"""May this person open this desk page?"""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache


def desk_required(predicate) -> Callable:
    """Guard a function view: signed out goes to sign in, signed in without the right is refused (403).

    Where SECOND_FACTOR_REQUIRED is set (always in production) somebody without one is sent to add it first.

    predicate: one of accounts.roles, or of an app's rules that needs no object.
    """

    def decorate(view):
        @never_cache
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not predicate(request.user):
                raise PermissionDenied
            if settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(request.user):
                messages.info(request, "Please add a passkey or an authenticator app first.")
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
