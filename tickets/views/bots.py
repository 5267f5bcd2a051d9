"""Is this a person with a form, or a machine that eats places? No puzzle; a trap, a minimum time and a rate."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

from accounts.addresses import client_network
from accounts.domain.rates import count_use

SHORTEST_FILLING = timedelta(seconds=2)
LONGEST_FILLING = timedelta(hours=20)
PER_ADDRESS = (
    180  # registrations by form from one address in WINDOW: a whole school behind one address passes
)
WINDOW = timedelta(minutes=10)
SALT = "register-form"


def stamp(slug: str, key: str) -> str:
    """Carried by the form: when it was first shown, for which event, with its idempotency key."""
    return signing.TimestampSigner(salt=SALT).sign(f"{slug}:{key}")


def key_of(stamped: str, slug: str) -> str | None:
    """The form's idempotency key; None where the stamp is not ours or the form was open for a day."""
    try:
        value = signing.TimestampSigner(salt=SALT).unsign(stamped, max_age=LONGEST_FILLING)
    except signing.BadSignature:
        return None
    of, _, key = value.partition(":")
    return key if of == slug else None


def looks_like_a_machine(request, stamped: str) -> bool:
    """The hidden field was filled, or the form came back faster than anybody types."""
    if request.POST.get("website"):
        return True
    try:
        signing.TimestampSigner(salt=SALT).unsign(stamped, max_age=SHORTEST_FILLING)
    except signing.SignatureExpired:
        return False
    except signing.BadSignature:
        return True
    return settings.GUARD_FORMS


def too_many(request, what: str, *, limit: int = PER_ADDRESS) -> bool:
    """Count one use from this address, over all workers; True above the limit in the window."""
    return count_use(what=what, who=client_network(request), window=WINDOW, now=timezone.now()) > limit
