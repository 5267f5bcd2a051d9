"""The floor: the same settings and database, bare views,
and only the one middleware that an app insists on."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floor"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410"]
