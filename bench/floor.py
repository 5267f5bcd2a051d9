"""What is the least that a Django view must do for a registration, a check-in, a page?

No rule, no answer in words.
"""

import json
import os
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

from door.models import Admission, CheckIn
from events.models import Event
from outbox.models import Message
from people.models import Person, PersonKey
from tickets.models import Registration, Ticket


def register(request):
    """Claim a place; insert person, key, registration, ticket and mail: one update and five inserts."""
    asked = json.loads(request.body)
    now, mark = timezone.now(), os.urandom(16)
    with transaction.atomic():
        Event.objects.filter(slug=asked["event"], places_taken__lt=F("capacity")).update(
            places_taken=F("places_taken") + 1, serials_issued=F("serials_issued") + 1
        )
        person = Person.objects.create(created_at=now)
        PersonKey.objects.create(person=person, kind="email", digest=mark * 2)
        registration = Registration.objects.create(
            event_id=asked["event_id"],
            reference=mark.hex()[:16],
            lead_name=asked["name"],
            lead_email=asked["email"],
            owner_fingerprint=mark,
            created_at=now,
        )
        ticket = Ticket.objects.create(
            registration=registration,
            event_id=asked["event_id"],
            serial=int.from_bytes(mark[:4]) >> 1,
            fingerprint=mark,
            short_fingerprint=mark,
            person=person,
            name=asked["name"],
            age=19,
            age_band="19-24",
            borough="wirral",
            issued_at=now,
            changed_at=now,
        )
        Message.objects.create(
            purpose="floor",
            key=mark.hex(),
            context={"ticket": ticket.pk},
            message_id=mark.hex(),
            due_at=now + timedelta(days=400),
            created_at=now,
        )
    return JsonResponse({"reference": registration.reference, "fingerprint": mark.hex()}, status=201)


def check_in(request):
    """Find the ticket; insert the scan and the admission: one read and two inserts."""
    asked = json.loads(request.body)
    now = timezone.now()
    ticket = Ticket.objects.get(fingerprint=bytes.fromhex(asked["fingerprint"]))
    with transaction.atomic():
        scan = CheckIn.objects.create(
            scan_id=uuid.UUID(asked["scan_id"]),
            event_id=ticket.event_id,
            door_list_id=asked["door_list"],
            ticket=ticket,
            verdict="admitted",
            scanned_at=now,
            happened_at=now,
            recorded_at=now,
        )
        Admission.objects.create(
            ticket=ticket,
            door_list_id=asked["door_list"],
            check_in=scan,
            admitted_at=now,
            last_at=now,
            recorded_at=now,
            changed_at=now,
        )
    return JsonResponse({"verdict": "admitted"}, status=201)


def places_left(request, slug):
    """One read and one line."""
    return HttpResponse(f"{Event.objects.get(slug=slug).places_left} places left")


def reach(request, slug):
    """The one number behind the report: distinct people with an admission."""
    people = Admission.objects.filter(door_list__event__slug=slug).aggregate(people=_distinct())["people"]
    return JsonResponse({"value": people})


def _distinct():
    from django.db.models import Count

    return Count("ticket__person", distinct=True)


def healthz(request):
    return HttpResponse("ok")


def sized(view):
    """Say how long the answer is, so that it is not sent in chunks."""

    def with_length(*args, **kwargs):
        response = view(*args, **kwargs)
        response["Content-Length"] = len(response.content)
        return response

    return with_length


urlpatterns = [
    path("healthz", healthz),
    path("floor/register", sized(register)),
    path("floor/check-in", sized(check_in)),
    path("floor/places/<slug:slug>", sized(places_left)),
    path("floor/reach/<slug:slug>", sized(reach)),
]
