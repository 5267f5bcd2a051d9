"""What shape do the public questions have? Forms check shape; the rules stand in domain/."""

from tickets.forms.group import GroupForm, NamesForm
from tickets.forms.owner import (
    ContactForm,
    FindTicketForm,
    GuardianForm,
    NameForm,
    SessionsForm,
    TypedCodeForm,
    WaitingForm,
)
from tickets.forms.plain import AgeField, CountField, PlainForm
from tickets.forms.privacy import FindReferenceForm, HandOverForm
from tickets.forms.register import AgeForm, BaseDetailsForm, EqualityForm, details_form
from tickets.forms.webhooks import WebhookForm

__all__ = [
    "AgeField",
    "AgeForm",
    "BaseDetailsForm",
    "ContactForm",
    "CountField",
    "EqualityForm",
    "FindReferenceForm",
    "FindTicketForm",
    "GroupForm",
    "GuardianForm",
    "HandOverForm",
    "NameForm",
    "NamesForm",
    "PlainForm",
    "SessionsForm",
    "TypedCodeForm",
    "WaitingForm",
    "WebhookForm",
    "details_form",
]
