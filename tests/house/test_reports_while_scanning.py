"""Do figures add up while people come in, and does every scan stand? (RE-24)"""

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from door.domain.admission import admit
from door.models import Admission
from reporting.domain.reach import measure_reach
from reporting.domain.targets import plant_targets
from reporting.models import Target
from tests import factories
from tests.door.factories import make_phone, make_scan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
PEOPLE = 40


def test_the_bands_of_each_report_are_its_total_while_people_come_in():
    now = timezone.now()
    showcase = factories.make_series()
    plant_targets(showcase=showcase, cornerstone=factories.make_series("cornerstone", "Cornerstone event"))
    event = factories.make_event(
        "open-day", starts_at=now - timedelta(minutes=10), series=showcase, capacity=PEOPLE
    )
    tickets = [
        factories.sign_up(
            event, f"N{number} Example", age=18 + number % 7, email=f"n{number}@example.org", now=now
        )
        for number in range(PEOPLE)
    ]
    phone = make_phone(event, name="Sam")
    faults = []

    def let_in() -> None:
        try:
            for ticket in tickets:
                admit(device=phone, scan=make_scan(ticket, timezone.now()), now=timezone.now())
        except Exception as fault:
            faults.append(fault)
        finally:
            close_old_connections()
            connection.close()

    door = threading.Thread(target=let_in)
    door.start()
    seen = []
    target = Target.objects.get(slug="showcase-reach")
    while door.is_alive() or not seen:
        report = measure_reach(target=target, as_at=timezone.now())
        seen.append((report.value, sum(report.by_age_band.values()), sum(report.by_borough.values())))
    door.join()
    last = measure_reach(target=target, as_at=timezone.now())

    assert faults == []
    assert [one for one in seen if len(set(one)) > 1] == []
    assert (last.value, Admission.objects.standing().count()) == (PEOPLE, PEOPLE)
