"""A mail worker that goes on until it is killed, with leases of a second. `python -m tests.faults.mailer`"""

import os
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from outbox.domain import sending

sending.LEASE = timedelta(seconds=1)

while True:
    sending.send_due(now=timezone.now(), limit=40)
    time.sleep(0.1)
