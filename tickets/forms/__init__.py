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
from tickets.forms.register import AgeForm, DetailsForm, EqualityForm

__all__ = [
    "AgeForm",
    "ContactForm",
    "DetailsForm",
    "EqualityForm",
    "FindTicketForm",
    "GroupForm",
    "GuardianForm",
    "NameForm",
    "NamesForm",
    "SessionsForm",
    "TypedCodeForm",
    "WaitingForm",
]
