"""A mail worker that goes on until it is killed. `python -m tests.faults.mailer`

What it had taken is due again after a second.
"""

import os
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from outbox.domain.mail_delivery import send_due
from outbox.models import Message, leased_work

leased_work.ROUND = timedelta(seconds=1)
Message.DEADLINE = timedelta(0)
Message.BACK_OFF = (timedelta(0),) * 50

while True:
    send_due(now=timezone.now())
    time.sleep(0.1)
