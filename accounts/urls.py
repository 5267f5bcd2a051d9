"""Which addresses belong to signing in?"""

from django.urls import include, path

from accounts import views
from foundation import addresses  # noqa: F401  knows <secret:...>

urlpatterns = [
    path("account/link/<secret:secret>/", views.sign_in_by_link, name="sign-in-link"),
    path("account/login/", views.LoginView.as_view(), name="account_login"),
    path("account/login/code/", views.RequestLoginCodeView.as_view(), name="account_request_login_code"),
    path("account/2fa/totp/activate/", views.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("account/2fa/webauthn/add/", views.AddWebAuthnView.as_view(), name="mfa_add_webauthn"),
    path("account/", include("allauth.urls")),
]
