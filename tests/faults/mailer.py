"""A mail worker that goes on until it is killed, with leases of a second. `python -m tests.faults.mailer`"""

import os
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from outbox.domain import mail_delivery

mail_delivery.LEASE = timedelta(seconds=1)

while True:
    mail_delivery.send_due(now=timezone.now(), limit=40)
    time.sleep(0.1)
