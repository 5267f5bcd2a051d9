"""By which keyed digest is a person known again?"""

import hmac

from django.conf import settings

from people.domain.contacts import normal_email
from people.domain.names import fold_name


def person_digest(name: str, contact: str) -> bytes:
    """The keyed digest by which a person is known again: 32 bytes of HMAC-SHA256 under PERSON_KEY.

    contact is the person's own address, or the guardian's for a child. Twins and a class on one
    teacher's address stay apart by their names; how name and address were typed does not matter.
    """
    text = f"{fold_name(name)}\0{normal_email(contact)}"
    return hmac.digest(settings.PERSON_KEY.encode(), text.encode(), "sha256")
