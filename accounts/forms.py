"""How are the questions of django-allauth put in our words?"""

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, "login", "Your email address")


class CodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, "code", "The code from the email")


class SecondStepForm(AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, "code", "Figures from the app, or a recovery code")


class SetUpAppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, "code", "The six figures that the app shows now")


class AddPasskeyForm(AddWebAuthnForm):
    """Ticked from the start: a passkey alone is both factors, so it replaces the code by email."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, "name", "A name for it")
        self.initial["name"] = ""
        self.fields["passwordless"].label = "It signs me in by itself, without a code by email"
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True


def _plain(form, name: str, label: str) -> None:
    """No placeholder, no browser bubble: the label and our own words beside the field."""
    form.use_required_attribute = False
    form.fields[name].label = label
    form.fields[name].widget.attrs.pop("placeholder", None)
    if form.is_bound and form.errors.get(name):
        form.fields[name].widget.attrs["aria-invalid"] = "true"
