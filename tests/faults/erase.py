"""Erase so many registrations, as their owners would. `python -m tests.faults.erase NUMBER`"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from desk.domain.erasure import erase_registration
from desk.models import ErasureReceipt
from tickets.models import Registration

for registration in Registration.objects.order_by("pk")[: int(sys.argv[1])]:
    erase_registration(registration=registration, reason=ErasureReceipt.Reason.OWNER, now=timezone.now())
