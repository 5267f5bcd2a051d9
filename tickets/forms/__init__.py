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
from tickets.forms.plain import AgeField, PlainForm, WrittenNumberField
from tickets.forms.register import AgeForm, BaseDetailsForm, EqualityForm, details_form

__all__ = [
    "AgeField",
    "AgeForm",
    "BaseDetailsForm",
    "ContactForm",
    "EqualityForm",
    "FindTicketForm",
    "GroupForm",
    "GuardianForm",
    "NameForm",
    "NamesForm",
    "PlainForm",
    "SessionsForm",
    "TypedCodeForm",
    "WaitingForm",
    "WrittenNumberField",
    "details_form",
]
