"""What does the environment say? Typed readers for settings, secrets and where we run."""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

DEVELOPMENT_MARK = "development-only-"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def from_file_or_env(name: str, default: str = "") -> str:
    """What stands in the file that NAME_FILE names, else NAME, else the default."""
    path = env.str(f"{name}_FILE", "")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise ImproperlyConfigured(
                f"{name}_FILE names {path}, which cannot be read: {type(fault).__name__}"
            ) from fault
    return env.str(name, "") or default


def secret(name: str) -> str:
    """Read a secret from NAME_FILE, else from NAME, else its development default.

    The development default starts with DEVELOPMENT_MARK, so that a system check
    can refuse it in production.
    """
    return from_file_or_env(name, f"{DEVELOPMENT_MARK}{name.lower()}-never-use-in-production-0123456789")


def is_development_secret(value: str) -> bool:
    return value.startswith(DEVELOPMENT_MARK)


def is_production(*, site_url: str, allowed_hosts: list[str]) -> bool:
    """True where strangers can reach us: DEBUG is said to be false, or an address is not loopback."""
    if env.str("DEBUG", "") and not env.bool("DEBUG"):
        return True
    hosts = {urlsplit(site_url).hostname or "", *allowed_hosts}
    return not hosts <= LOOPBACK_HOSTS
