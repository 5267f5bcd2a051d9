"""How does the API answer door phones? Pairing, roster, scans, undo and occupancy."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import PersonTokenAuthentication
from accounts.roles import is_board, is_supervisor, is_welfare
from accounts.throttles import PairingThrottle
from door.api import phone_shapes as shapes
from door.api.authentication import DeviceTokenAuthentication
from door.domain import devices, instructions, roll_calls, roster
from door.domain.admission import admit, admit_all
from door.domain.decisions import Decision
from door.domain.devices import DeviceRefused
from door.domain.occupancy import occupancy
from door.domain.scans import MalformedScan, Scan, plain_text, read_clock, read_scan
from door.domain.undo import undo
from door.domain.verdicts import MALFORMED, sentence
from door.models import CheckIn, Device, Instruction
from events.models import Event
from foundation.refusals import InvalidInput

BATCH_MAX = 500  # scans
BATCH_FIELDS = frozenset({"device_now", "scans", "unsent"})


class DoorView(APIView):
    """For devices; a refused device is told to pair again."""

    authentication_classes = [DeviceTokenAuthentication]

    def handle_exception(self, exc):
        if isinstance(exc, DeviceRefused):
            exc = AuthenticationFailed("This phone is not paired any more. Ask for a new pairing code.")
        return super().handle_exception(exc)

    def device(self, *, even_if_revoked: bool = False) -> Device:
        return devices.device_of(
            token=str(self.request.auth), now=timezone.now(), even_if_revoked=even_if_revoked
        )


class PairView(APIView):
    authentication_classes: list = []
    permission_classes = [AllowAny]
    throttle_classes = [PairingThrottle]

    @extend_schema(request=shapes.PairRequest, responses={201: shapes.PairAnswer}, tags=["door"])
    def post(self, request):
        """Pair a phone with a gate, by a one-time code. The token is shown this once."""
        asked = shapes.PairRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        paired = devices.pair(**asked.validated_data, now=timezone.now())
        return Response(
            {
                "token": paired.token,
                "event": paired.device.event.slug,
                "gate": paired.device.gate.slug,
                "expires_at": paired.device.expires_at,
            },
            status=201,
        )


class ContactView(DoorView):
    @extend_schema(request=shapes.ContactRequest, responses={200: dict}, tags=["door"])
    def post(self, request):
        """Tell the clock and the unsent scans; hear the server's time. Sent every few seconds while idle."""
        asked = shapes.ContactRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        now, device = timezone.now(), self.device()
        devices.note_contact(device=device, now=now, **asked.validated_data)
        going = roll_calls.under_way(event=device.event)
        instruction, is_seen = instructions.tell(device=device, now=now)
        return Response(
            {
                "now": now,
                "expires_at": device.expires_at,
                "instruction": instruction_answer(instruction, is_seen),
                "roll_call": going and {"started_at": going.started_at, "is_drill": going.is_drill},
                **grants_of(device, now),
            }
        )


class InstructionSeenView(DoorView):
    @extend_schema(
        request=shapes.InstructionSeenRequest, responses={200: shapes.InstructionAnswer}, tags=["door"]
    )
    def post(self, request):
        """The steward has seen the emergency instruction. Saying it again changes nothing."""
        asked = shapes.InstructionSeenRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        found = instructions.note_seen(
            device=self.device(), uid=asked.validated_data["uid"], now=timezone.now()
        )
        if found is None:
            raise InvalidInput(fields={"uid": ["There is no such instruction at this event."]})
        return Response(instruction_answer(found, True))


class SignOutView(DoorView):
    @extend_schema(request=None, responses={204: None}, tags=["door"])
    def post(self, request):
        """Give the phone back. It has to have sent its scans before."""
        devices.sign_out(device=self.device(), now=timezone.now())
        return Response(status=204)


class RosterView(DoorView):
    @extend_schema(
        parameters=[OpenApiParameter("since", str, description="the version that the phone has")],
        responses={200: dict, 304: None},
        tags=["door"],
    )
    def get(self, request):
        """What a phone needs to decide offline; with since, only what changed. ETag and 304 as usual."""
        now, device = timezone.now(), self.device()
        etag = roster.roster_etag(device=device)
        devices.note_contact(device=device, now=now, fetched_roster=True)
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers={"ETag": etag})
        since = roster.read_version(request.query_params.get("since", ""))
        answer = roster.build_roster(device=device, now=now, since=since)
        return Response(answer, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


class CheckInsView(DoorView):
    @extend_schema(
        request=shapes.ScanRequest,
        responses={200: shapes.DecisionAnswer, 201: shapes.DecisionAnswer},
        tags=["door"],
    )
    def post(self, request):
        """Decide one scan. A refusal is an answer; the same scan_id again is answered as it was (200)."""
        decision = admit(token=request.auth, scan=read_scan(request.data), now=timezone.now())
        return Response(answer_of(decision), status=200 if decision.is_replay else 201)


class BatchView(DoorView):
    @extend_schema(request=shapes.BatchRequest, responses={200: shapes.BatchAnswer}, tags=["door"])
    def post(self, request):
        """Decide up to 500 scans in the order of their corrected time; answers in the order sent."""
        device_now, raw, unsent = _read_batch(request.data)
        now, device = timezone.now(), self.device()
        results = _decide_batch(raw, device=device, device_now=device_now, now=now)
        devices.note_contact(device=device, now=now, device_now=device_now, unsent=unsent)
        return Response({"results": results})


class HandInView(DoorView):
    @extend_schema(request=shapes.BatchRequest, responses={200: shapes.BatchAnswer}, tags=["door"])
    def post(self, request):
        """What a revoked phone had not sent: kept for review, and lets nobody in."""
        device_now, raw, unsent = _read_batch(request.data)
        now, device = timezone.now(), self.device(even_if_revoked=True)
        results = _decide_batch(raw, device=device, device_now=device_now, now=now, quarantine=True)
        devices.note_contact(device=device, now=now, device_now=device_now, unsent=unsent)
        return Response({"results": results})


class UndoView(DoorView):
    authentication_classes = [DeviceTokenAuthentication, PersonTokenAuthentication]

    @extend_schema(
        request=shapes.UndoRequest,
        responses={200: shapes.DecisionAnswer, 201: shapes.DecisionAnswer},
        tags=["door"],
    )
    def post(self, request, scan_id: UUID):
        """Take a scan back, by a new row. For the phone that made it, or a supervisor."""
        who = {"device": self.device()} if isinstance(request.auth, str) else {"by": _supervisor(request)}
        asked = shapes.UndoRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            reason = plain_text(asked.validated_data["reason"], at_most=200)
        except ValueError as error:
            raise InvalidInput(fields={"reason": [str(error)]}) from None
        try:
            decision = undo(scan_id=scan_id, reason=reason, now=timezone.now(), **who)
        except CheckIn.DoesNotExist:
            raise Http404 from None
        return Response(
            {**answer_of(decision), "undoes": str(scan_id)}, status=200 if decision.is_replay else 201
        )


class OccupancyView(DoorView):
    authentication_classes = [DeviceTokenAuthentication, PersonTokenAuthentication]

    @extend_schema(
        parameters=[OpenApiParameter("event", str, description="an event's slug; for a person's token")],
        responses={200: shapes.OccupancyAnswer},
        tags=["door"],
    )
    def get(self, request):
        """Distinct people inside and admitted now, and by the gate that let them in."""
        now = timezone.now()
        door_list = self.device().door_list if isinstance(request.auth, str) else _entrance(request)
        count = occupancy(door_list=door_list, now=now)
        return Response(
            {
                "inside": count.inside,
                "admitted": count.admitted,
                "safe_capacity": count.safe_capacity,
                "as_at": count.as_at,
                "by_gate": count.by_gate,
            }
        )


def _read_batch(body: object) -> tuple[datetime, list, int | None]:
    """:raises InvalidInput: the envelope is wrong; what is in a scan is judged scan by scan"""
    if not isinstance(body, dict):
        raise InvalidInput(fields={"body": ["Send an object."]})
    wrong = {str(name): ["There is no such field."] for name in body if name not in BATCH_FIELDS}
    device_now: datetime | None = None
    try:
        device_now = read_clock(body.get("device_now"))
    except ValueError as error:
        wrong["device_now"] = [str(error)]
    scans = body.get("scans")
    if not isinstance(scans, list) or len(scans) > BATCH_MAX:
        wrong["scans"] = [f"Send a list of up to {BATCH_MAX} scans."]
    unsent = body.get("unsent")
    if unsent is not None and (type(unsent) is not int or not 0 <= unsent <= 1_000_000):
        wrong["unsent"] = ["Send a number of scans."]
    if wrong or device_now is None or not isinstance(scans, list):
        raise InvalidInput(fields=wrong)
    return device_now, scans, unsent


def _decide_batch(
    raw: list, *, device: Device, device_now: datetime, now: datetime, quarantine: bool = False
) -> list[dict]:
    results: list[dict] = [{}] * len(raw)
    read: dict[int, Scan] = {}
    for place, item in enumerate(raw):
        try:
            read[place] = _with_clock(read_scan(item), device_now)
        except MalformedScan:
            results[place] = _malformed(item)
    for place in _of_other_events(read, device):
        results[place] = _malformed(raw[place])
        del read[place]
    decisions = admit_all(device=device, scans=list(read.values()), now=now, quarantine=quarantine)
    for place, decision in zip(read, decisions, strict=True):
        results[place] = answer_of(decision)
    return results


def _with_clock(scan: Scan, device_now: datetime) -> Scan:
    return scan if scan.device_now else replace(scan, device_now=device_now)


def _of_other_events(read: dict[int, Scan], device: Device) -> list[int]:
    """Places of scans whose id belongs to another event, or to an undo."""
    ids = {scan.scan_id for scan in read.values()}
    taken = set(
        CheckIn.objects.filter(scan_id__in=ids)
        .exclude(event=device.event_id, undoes__isnull=True)
        .values_list("scan_id", flat=True)
    )
    return [place for place, scan in read.items() if scan.scan_id in taken]


def _malformed(item: object) -> dict:
    scan_id = item.get("scan_id") if isinstance(item, dict) else None
    return {
        "scan_id": scan_id if isinstance(scan_id, str) else None,
        "verdict": MALFORMED,
        "message": sentence(MALFORMED),
    }


def answer_of(decision: Decision) -> dict:
    answer: dict[str, object] = {
        "scan_id": str(decision.scan_id),
        "verdict": str(decision.verdict),
        "standing": str(decision.standing),
        "message": decision.message,
    }
    if decision.ticket is not None:
        answer["ticket"] = {
            "serial": decision.ticket.serial,
            "first_name": decision.ticket.first_name,
            "initial": decision.ticket.initial,
            "age_band": decision.ticket.age_band,
            "flags": list(decision.ticket.flags),
        }
    if decision.first_admitted_at is not None:
        answer["first_admitted_at"] = decision.first_admitted_at
    if decision.gate:
        answer["gate"] = decision.gate
    answer["occupancy"] = {"inside": decision.inside, "safe_capacity": decision.safe_capacity}
    return answer


def instruction_answer(instruction: Instruction | None, is_seen: bool) -> dict | None:
    if instruction is None:
        return None
    return {
        "uid": str(instruction.uid),
        "kind": instruction.kind,
        "is_drill": instruction.is_drill,
        "given_at": instruction.given_at,
        "is_seen": is_seen,
    }


def grants_of(device: Device, now: datetime) -> dict:
    return {
        name: until if until and until > now else None
        for name, until in (
            ("supervisor_until", device.supervisor_until),
            ("welfare_until", device.welfare_until),
        )
    }


def _supervisor(request):
    if not request.user or not request.user.is_authenticated:
        raise NotAuthenticated()
    if not is_supervisor(request.user):
        raise PermissionDenied()
    return request.user


def _entrance(request):
    if not (is_supervisor | is_welfare | is_board)(request.user):
        raise PermissionDenied()
    event = Event.objects.filter(slug=request.query_params.get("event", "")).first()
    if event is None:
        raise InvalidInput(fields={"event": ["Say which event, by its slug."]})
    return devices.door_list_of(event=event)
