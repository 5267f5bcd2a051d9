"""Does every field that could hold personal data have its day to leave?

Each text, JSON or binary field of our apps stands in one of the two lists below. A new field fails this
test until somebody decides; a personal one must also be erased by desk/domain/erasure.py, which
tests/desk/test_erasure.py holds against this list.
"""

import pytest
from django.apps import apps
from django.db import models

# Field -> the class of retention.py by which it leaves.
PERSONAL = {
    "tickets.Registration.lead_name": "names",
    "tickets.Registration.lead_email": "names",
    "tickets.Registration.lead_phone": "names",
    "tickets.Registration.organisation": "names",
    "tickets.Registration.organisation_key": "names",
    "tickets.Registration.request_digest": "names",
    "tickets.Ticket.name": "names",
    "tickets.TicketSheet.content": "names",
    "desk.Export.content": "names",
    "door.StaffMember.name": "names",
    "door.StaffMember.organisation": "names",
    "door.StaffMember.duty": "names",
    "tickets.Guardian.name": "contacts",
    "tickets.Guardian.email": "contacts",
    "tickets.Guardian.phone": "contacts",
    "tickets.EmergencyContact.name": "contacts",
    "tickets.EmergencyContact.phone": "contacts",
    "tickets.AccessNeed.text": "contacts",
    "tickets.WaitingListEntry.email": "waiting-list",
    "tickets.WaitingListEntry.organisation": "waiting-list",
    "door.CheckIn.override_reason": "names",
    "door.CheckIn.undo_reason": "names",
    "door.Conflict.settlement": "names",
    "door.ContactOpened.reason": "names",
    "door.Device.name": "names",
}

# What people at work write about events, venues and figures; keys, digests and words of the house.
# Staff accounts stay while the account does.
NOT_PERSONAL = {
    "accounts": {
        "User": {"email", "name", "password"},
        "ApiToken": {"digest", "label"},
        "CountedUse": {"digest"},
        "SignInLink": {"digest"},
    },
    "outbox": {
        "Message": {"purpose", "key", "context", "message_id", "last_error"},
        "Webhook": {"code", "label", "address", "kinds"},
        "Delivery": {"kind", "key", "payload", "last_error"},
        "WorkRun": {"name"},
    },
    "desk": {
        "Announcement": {"subject", "body"},
        "ErasureReceipt": {"data_class"},
        "Export": {"last_error"},
    },
    "door": {
        "CheckIn": {"decided", "overridden_verdict", "unknown_digest"},
        "Conflict": {"decided", "server_verdict"},
        "Device": {"app_version", "token_digest"},
        "DoorPin": {"pin_hash"},
        "Gate": {"name", "slug"},
        "PairingCode": {"digest"},
        "PartyCount": {"heads_by_band", "surplus"},
    },
    "tickets": {
        "Consent": {"wording_version"},
        "EqualityCount": {"answer", "question"},
        "Guardian": {"fingerprint"},
        "MeetingPoint": {"fingerprint"},
        "Registration": {
            "asked_for",
            "idempotency_key",
            "idempotency_scope",
            "owner_fingerprint",
            "reference",
        },
        "ReplacedCode": {"fingerprint", "short_fingerprint"},
        "Ticket": {"age_band", "fingerprint", "short_fingerprint"},
        "TicketSheet": {"of_state", "last_error"},
        "WaitingListEntry": {"fingerprint", "idempotency_key"},
    },
    "people": {
        "PersonKey": {"digest"},
    },
}


def wordy_fields():
    """Every field that can hold a free value, as app.Model.field."""
    for label in NOT_PERSONAL:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                free = isinstance(
                    field, models.CharField | models.TextField | models.JSONField | models.BinaryField
                )
                if free and not field.choices:
                    yield f"{label}.{model.__name__}.{field.name}"


def test_every_wordy_field_is_decided():
    undecided = [
        name
        for name in wordy_fields()
        if name not in PERSONAL
        and name.split(".")[2] not in NOT_PERSONAL.get(name.split(".")[0], {}).get(name.split(".")[1], ())
    ]

    assert undecided == []


@pytest.mark.parametrize("name", PERSONAL)
def test_what_is_called_personal_is_there(name):
    assert name in set(wordy_fields())
