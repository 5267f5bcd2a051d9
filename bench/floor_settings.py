"""The floor: the same settings and database, with no middleware and bare views."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as HOUSE

ROOT_URLCONF = "bench.floor"
MIDDLEWARE: list[str] = []
# These insist on their middleware.
INSTALLED_APPS = [app for app in HOUSE if not app.startswith(("allauth", "django.contrib.admin"))]
