"""Is this a person with a form, or a machine that eats places? No puzzle; a trap, a minimum time and a rate.

One address may register a whole school. Above PROVE_ABOVE its registrations are held until the link in
the mail is opened (tickets/domain/email_verification.py), and few of them at a time.
"""

from datetime import timedelta
from functools import wraps

from django.core import signing
from django.shortcuts import render
from django.utils import timezone

from accounts.client_address import client_network
from accounts.domain.rates import count_use
from printing.printer import place
from tickets.models import Registration

SHORTEST_FILLING = timedelta(seconds=2)
LONGEST_FILLING = timedelta(hours=20)
PER_ADDRESS = 180  # uses of one form from one address in WINDOW; above it we ask to wait
WINDOW = timedelta(minutes=10)
WAITING_PER_ADDRESS = 60  # the waiting list, in WINDOW
PROVE_ABOVE = 150  # registrations from one address in DAY: a whole school behind one address passes
DAY = timedelta(days=1)
UNPROVEN_PER_ADDRESS = 20  # in UNPROVEN_WINDOW
UNPROVEN_WINDOW = timedelta(minutes=30)
PRINTED_PER_ADDRESS = 180  # PDFs, in WINDOW: a whole school prints behind one address
SALT = "register-form"
TOO_QUICK = "That was very quick. Please send it once more in a moment."
TOO_MANY = "Many people are sending this form from where you are. Please try again in ten minutes."


def stamp(slug: str, key: str) -> str:
    """Carried by the form: when it was first shown, for which event, with its idempotency key."""
    return signing.TimestampSigner(salt=SALT).sign(f"{slug}:{key}")


def key_of(stamped: str, slug: str) -> str | None:
    """The form's idempotency key; None where the stamp is not ours or the form was open for a day."""
    try:
        value = signing.TimestampSigner(salt=SALT).unsign(stamped, max_age=LONGEST_FILLING)
    except signing.BadSignature:
        return None
    of, _, key = value.rpartition(":")
    return key if of == slug else None


def refuse_machine(request, *, form: str, stamped: str) -> str:
    """The guards of a request: trap, shortest time, rate of one network. Each public form that may claim
    places passes here.

    form names it for the rate: "register", "group" or "waiting". The words of the refusal; empty where it
    passes.
    """
    if looks_like_a_machine(request, stamped):
        return TOO_QUICK
    limit = WAITING_PER_ADDRESS if form == "waiting" else PER_ADDRESS
    return TOO_MANY if too_many(request, f"form-{form}", limit=limit) else ""


def costly(view):
    """A paper that is made for whoever has the link: rated by network, and few are made at once.

    Outermost, so that the place is taken before anything is looked up.
    """

    @wraps(view)
    def in_turn(request, **kwargs):
        with place():  # whoever is told to come again has used nothing
            if too_many(request, "print", limit=PRINTED_PER_ADDRESS):
                return render(request, "errors/429.html", status=429)
            return view(request, **kwargs)

    in_turn.is_costly = True
    return in_turn


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
    return True


def too_many(request, what: str, *, limit: int = PER_ADDRESS) -> bool:
    """Count one use from this address, over all workers; True above the limit in the window."""
    return _uses(request, what, WINDOW) > limit


def vouched_by(request) -> str:
    """Count one registration from this network; who vouches for it: the network, having sent few today, or
    nobody."""
    sent_few = _uses(request, "register", DAY) <= PROVE_ABOVE
    return Registration.Vouched.NETWORK if sent_few else Registration.Vouched.NOBODY


def too_many_unproven(request) -> bool:
    """Count one held registration from this address; True where it holds too many already."""
    return _uses(request, "unproven", UNPROVEN_WINDOW) > UNPROVEN_PER_ADDRESS


def is_first_use(key: str) -> bool:
    """True the first time that a form with this key is sent: what is only counted counts once."""
    return count_use(what="key", who=key, window=DAY, now=timezone.now()) == 1


def _uses(request, what: str, window: timedelta) -> int:
    return count_use(what=what, who=client_network(request), window=window, now=timezone.now())
