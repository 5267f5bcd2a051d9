"""Stamps of the public form, as if it had been opened some seconds ago. `python -m bench.stamps COUNT`."""

import json
import os
import secrets
import sys
import time
from unittest.mock import patch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from tickets.views import request_guards

opened = time.time() - 30
with patch("django.core.signing.time.time", return_value=opened):
    print(
        json.dumps(
            [request_guards.stamp("bench", secrets.token_urlsafe(16)) for _ in range(int(sys.argv[1]))]
        )
    )
