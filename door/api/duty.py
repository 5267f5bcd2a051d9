"""How does the API answer the door's duty team?

PINs, names, walk-ins, parties, contacts and the roll-call.
"""

from datetime import UTC

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from door.api import duty_shapes as shapes
from door.api.phones import DoorView, answer_of, grants_of
from door.domain import name_search, parties, pins, roll_calls, walk_ins, welfare_contacts
from door.domain.occupancy import occupancy


class DutyView(DoorView):
    """What needs a body of known fields."""

    shape: type

    def asked(self) -> dict:
        body = self.shape(data=self.request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


class UnlockView(DutyView):
    shape = shapes.UnlockRequest

    @extend_schema(request=shapes.UnlockRequest, responses={200: shapes.GrantsAnswer}, tags=["door"])
    def post(self, request):
        """Make the phone a supervisor's or welfare's for 12 hours, by the PIN of the role."""
        now, device = timezone.now(), self.device()
        role = pins.unlock(device=device, pin=self.asked()["pin"], now=now)
        return Response({"role": role, **grants_of(device, now)})


class SearchView(DutyView):
    shape = shapes.SearchRequest

    @extend_schema(request=shapes.SearchRequest, responses={200: shapes.SearchAnswer}, tags=["door"])
    def post(self, request):
        """For a supervisor: tickets by name, at least 3 letters, at most 10 answers.

        A POST keeps names out of logs.
        """
        hits, more = name_search.find_by_name(
            device=self.device(), words=self.asked()["name"], now=timezone.now()
        )
        return Response({"tickets": [vars(hit) for hit in hits], "more": more})


class WalkInView(DutyView):
    shape = shapes.WalkInRequest

    @extend_schema(request=shapes.WalkInRequest, responses={201: shapes.WalkInAnswer}, tags=["door"])
    def post(self, request):
        """For a supervisor: register somebody at the door and let them in. The same scan_id answers the same.

        Under 16 without a guardian's yes the ticket is on hold and the verdict says so, or a reason lets them
        in.
        """
        asked, now = self.asked(), timezone.now()
        decision = walk_ins.walk_in(
            device=self.device(),
            scan_id=asked.pop("scan_id"),
            scanned_at=asked.pop("scanned_at").astimezone(UTC),
            override_reason=asked.pop("override_reason", ""),
            person=walk_ins.WalkIn(**asked),
            now=now,
        )
        return Response(answer_of(decision), status=200 if decision.is_replay else 201)


class PartyView(DutyView):
    shape = shapes.PartyRequest

    @extend_schema(request=shapes.PartyRequest, responses={200: shapes.PartyAnswer}, tags=["door"])
    def post(self, request):
        """The party of a group's ticket: who is expected, and who is inside."""
        party = parties.party_of(device=self.device(), code=self.asked()["code"], now=timezone.now())
        return Response(
            {"organisation": party.organisation, "members": [vars(member) for member in party.members]}
        )


class PartyArrivalView(DutyView):
    shape = shapes.PartyArrivalRequest

    @extend_schema(request=shapes.PartyArrivalRequest, responses={200: shapes.ArrivalAnswer}, tags=["door"])
    def post(self, request):
        """Let in the ticked members, or as many by age band as are here now, all counted."""
        asked, now, device = self.asked(), timezone.now(), self.device()
        device_now = asked.pop("device_now", None)
        arrival = parties.arrive(
            device=device,
            now=now,
            scanned_at=asked.pop("scanned_at").astimezone(UTC),
            device_now=device_now.astimezone(UTC) if device_now else None,
            **asked,
        )
        count = occupancy(door_list=device.door_list, now=now)
        return Response(
            {
                "scan_id": str(asked["scan_id"]),
                "is_replay": arrival.is_replay,
                "admitted": [answer_of(one) for one in arrival.admitted],
                "refused": [answer_of(one) for one in arrival.refused],
                "surplus": arrival.surplus,
                "occupancy": {"inside": count.inside, "safe_capacity": count.safe_capacity},
            }
        )


class ContactOfTicketView(DutyView):
    shape = shapes.ContactOfTicketRequest

    @extend_schema(
        request=shapes.ContactOfTicketRequest, responses={200: shapes.ContactOfTicketAnswer}, tags=["door"]
    )
    def post(self, request):
        """For welfare: whom to call, for a reason that is kept."""
        contact = welfare_contacts.open_contact(device=self.device(), now=timezone.now(), **self.asked())
        return Response(vars(contact))


class RollCallView(DoorView):
    @extend_schema(responses={200: shapes.RollCallAnswer, 304: None}, tags=["door"])
    def get(self, request):
        """Everybody with a ticket, sealed under the duty card's key. ETag and 304 as usual."""
        device, now = self.device(), timezone.now()
        etag = roll_calls.roll_call_etag(event=device.event)
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers={"ETag": etag})
        sealed = roll_calls.sealed_roll_call(event=device.event, now=now)
        return Response(
            {"sealed": sealed, "as_at": now}, headers={"ETag": etag, "Cache-Control": "private, no-cache"}
        )


class MarksView(DutyView):
    shape = shapes.MarksRequest

    @extend_schema(request=shapes.MarksRequest, responses={200: shapes.MarksAnswer}, tags=["door"])
    def post(self, request):
        """Merge this phone's marks of the roll-call with those of the others."""
        asked = self.asked()
        seen = roll_calls.mark_seen(
            device=self.device(),
            serials=asked["serials"],
            taken_back=asked.get("taken_back", ()),
            opened_at=asked["opened_at"],
            is_drill=asked["is_drill"],
            now=timezone.now(),
        )
        return Response(marks_answer(seen))


def marks_answer(seen: roll_calls.SeenMarks) -> dict:
    call = seen.roll_call
    return {
        "serials": seen.serials,
        "marks": [vars(mark) for mark in seen.marks],
        "is_drill": call.is_drill if call else False,
        "started_at": call.started_at if call else None,
        "ended_at": call.ended_at if call else None,
    }
