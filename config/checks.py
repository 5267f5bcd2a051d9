"""What would be a mistake to run with? Checks with stable ids; errors keep every command and server from
starting.

Each id is explained in docs/checks.md; a test holds the two together.
"""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from config.environment import is_development_secret
from tickets.domain import retention

SECRETS = ("SECRET_KEY", "TICKET_KEY", "PERSON_KEY", "BACKUP_KEY")
MOST_CHILDREN_TO_ONE = 30
SHORTEST_SECRET = 32  # characters; 16 random bytes as hex


@register()
def deployment(app_configs=None, **kwargs) -> list[CheckMessage]:
    faults = [*_anywhere()]
    if settings.PRODUCTION:
        faults += [*_secrets(), *_addresses(), *_mail(), *_ledger()]
    return faults


def refuse_unsafe_start() -> None:
    """For servers, which run no system checks of their own.

    :raises SystemExit: an error stands
    """
    errors = [fault for fault in deployment() if fault.is_serious()]
    if errors:
        raise SystemExit("\n".join(f"({fault.id}) {fault.msg} {fault.hint}" for fault in errors))


def _anywhere() -> Iterator[CheckMessage]:
    if settings.ON_SQLITE and settings.WEB_CONCURRENCY > 1:
        yield Error(
            "SQLite serves one web process.",
            hint="Set WEB_CONCURRENCY to 1, or DATABASE_URL to a PostgreSQL.",
            id="config.E001",
        )
    if settings.WEB_CONCURRENCY < 1 or settings.TRUSTED_PROXIES < 0:
        yield Error(
            "WEB_CONCURRENCY or TRUSTED_PROXIES is too small.",
            hint="WEB_CONCURRENCY is at least 1, TRUSTED_PROXIES at least 0.",
            id="config.E007",
        )
    for fault in retention.faults():
        yield Error(fault, hint="Set RETENTION_..._DAYS inside the bounds.", id="config.E006")
    for name, children in settings.CHILDREN_TO_ONE_ADULT.items():
        if not 1 <= children <= MOST_CHILDREN_TO_ONE:
            yield Error(
                f"{children} {name} young people to one adult is no ratio.",
                hint=(
                    f"Set CHILDREN_TO_ONE_ADULT_UNDER_14 and _UNDER_16 between 1 and {MOST_CHILDREN_TO_ONE}."
                ),
                id="config.E012",
            )
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        yield Error(
            f"SITE_URL is no address of a site: {settings.SITE_URL}",
            hint="Set it like https://events.example.org, without a path.",
            id="config.E008",
        )


def _secrets() -> Iterator[CheckMessage]:
    for name in SECRETS:
        value = getattr(settings, name)
        if is_development_secret(value):
            yield Error(
                f"{name} is the development default.",
                hint=f"Set {name} or {name}_FILE to a long random value of your own.",
                id="config.E002",
            )
        elif len(value) < SHORTEST_SECRET or len(set(value)) < 8:
            yield Error(
                f"{name} can be guessed.",
                hint=f"Give it at least {SHORTEST_SECRET} random characters.",
                id="config.E009",
            )
    if len({getattr(settings, name) for name in SECRETS}) < len(SECRETS):
        yield Error("Two secrets are the same.", hint="Give each its own value.", id="config.E003")
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_SECRET:
        yield Error(
            "METRICS_TOKEN can be guessed.",
            hint=f"Give it at least {SHORTEST_SECRET} random characters.",
            id="config.E009",
        )


def _addresses() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error("DEBUG is on where strangers come.", hint="Set DEBUG to false.", id="config.E004")
    if any("*" in host or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield Error(
            "ALLOWED_HOSTS allows hosts that you do not name.", hint="Name each host.", id="config.E005"
        )
    host = urlsplit(settings.SITE_URL).hostname or ""
    if host not in settings.ALLOWED_HOSTS and not any("*" in one for one in settings.ALLOWED_HOSTS):
        yield Error(
            f"The host of SITE_URL ({host}) is not in ALLOWED_HOSTS.",
            hint="Every link in a mail and every ticket would lead to a page that is refused.",
            id="config.E010",
        )
    if not settings.HTTPS:
        yield Warning("SITE_URL is not https.", hint="Tickets and links carry SITE_URL.", id="config.W001")
    elif settings.TRUSTED_PROXIES == 0:
        yield Warning(
            "SITE_URL is https and TRUSTED_PROXIES is 0.",
            hint="serve speaks http: behind a proxy that ends TLS, say how many proxies there are, "
            "or pages redirect to themselves for ever.",
            id="config.W002",
        )


def _mail() -> Iterator[CheckMessage]:
    if not settings.EMAIL_URL:
        yield Warning(
            "EMAIL_URL is not set: mail is written to files in var/mail and reaches nobody.",
            hint="Set EMAIL_URL, like smtp://user:password@mail.example.org:587?tls=True.",
            id="config.W003",
        )
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ").lower()
    if sender.endswith(("example.org", "example.com", "example")) or not sender:
        yield Warning(
            "DEFAULT_FROM_EMAIL is an example.",
            hint=(
                "Set it to an address of yours that somebody reads; "
                "security.txt and the privacy page name it."
            ),
            id="config.W004",
        )


def _ledger() -> Iterator[CheckMessage]:
    path = settings.ERASURE_LEDGER
    folder = path.parent
    there = path if path.exists() else folder
    if not there.exists() or not os.access(there, os.W_OK):
        yield Error(
            f"ERASURE_LEDGER cannot be written: {path}",
            hint="Nobody can be erased then. Make the folder, and let the server write to it.",
            id="config.E011",
        )
    if settings.ON_SQLITE and folder == settings.VAR_DIR:
        yield Warning(
            "ERASURE_LEDGER lies beside the database.",
            hint="Whatever loses the database loses it too; keep it on another disk.",
            id="config.W005",
        )
