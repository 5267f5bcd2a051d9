"""What would be a mistake to run with? Checks with stable ids; errors keep every command and server from starting."""

from django.conf import settings
from django.core.checks import Error, Warning, register

from config.environment import is_development_secret
from tickets.domain import retention

SECRETS = ("SECRET_KEY", "TICKET_KEY", "PERSON_KEY", "BACKUP_KEY")


@register()
def deployment(app_configs=None, **kwargs) -> list:
    faults: list = []
    if settings.ON_SQLITE and settings.WEB_CONCURRENCY > 1:
        faults.append(
            Error(
                "SQLite serves one web process.",
                hint="Set WEB_CONCURRENCY to 1, or DATABASE_URL to a PostgreSQL.",
                id="config.E001",
            )
        )
    faults += [
        Error(fault, hint="Set RETENTION_..._DAYS inside the bounds.", id="config.E006")
        for fault in retention.faults()
    ]
    if not settings.PRODUCTION:
        return faults
    faults += [
        Error(
            f"{name} is the development default.",
            hint=f"Set {name} or {name}_FILE to a long random value of your own.",
            id="config.E002",
        )
        for name in SECRETS
        if is_development_secret(getattr(settings, name))
    ]
    if len({getattr(settings, name) for name in SECRETS}) < len(SECRETS):
        faults.append(Error("Two secrets are the same.", hint="Give each its own value.", id="config.E003"))
    if settings.DEBUG:
        faults.append(
            Error("DEBUG is on where strangers come.", hint="Set DEBUG to false.", id="config.E004")
        )
    if not settings.HTTPS:
        faults.append(
            Warning("SITE_URL is not https.", hint="Tickets and links carry SITE_URL.", id="config.W001")
        )
    if "*" in settings.ALLOWED_HOSTS:
        faults.append(Error("ALLOWED_HOSTS allows every host.", hint="Name your hosts.", id="config.E005"))
    return faults


def refuse_unsafe_start() -> None:
    """For servers, which run no system checks of their own.

    :raises SystemExit: an error stands
    """
    errors = [fault for fault in deployment() if fault.is_serious()]
    if errors:
        raise SystemExit("\n".join(f"({fault.id}) {fault.msg} {fault.hint}" for fault in errors))
