"""Which addresses does the door answer?"""

from django.urls import path

from door.api import duty as duty_api
from door.api import phones as door_api
from door.views import desk_door, desk_duty_team, desk_instructions, phone_page

urlpatterns = [
    path("desk/door/", desk_door.door_choose, name="desk-door"),
    path("desk/door/<slug:slug>/", desk_door.door_live, name="desk-door-live"),
    path("desk/door/<slug:slug>/phones/", desk_door.door_phones, name="desk-door-phones"),
    path("desk/door/<slug:slug>/phones/<int:phone>/unlock/", desk_door.door_unlock, name="desk-door-unlock"),
    path("desk/door/<slug:slug>/phones/<int:phone>/revoke/", desk_door.door_revoke, name="desk-door-revoke"),
    path("desk/door/<slug:slug>/settle/", desk_door.door_settle, name="desk-door-settle"),
    path("desk/door/<slug:slug>/team/", desk_door.door_team, name="desk-door-team"),
    path("desk/door/<slug:slug>/duty-card/", desk_door.duty_card, name="desk-door-card"),
    path("desk/door/<slug:slug>/roll-call/", desk_door.roll_call_verb, name="desk-door-roll-call"),
    path(
        "desk/door/<slug:slug>/instruction/", desk_instructions.instruction_page, name="desk-door-instruction"
    ),
    path("door/", phone_page.door_page, name="door"),
    path("door/service-worker.js", phone_page.door_service_worker, name="door-service-worker"),
    path("door/manifest.webmanifest", phone_page.door_manifest, name="door-manifest"),
    path("desk/events/<slug:slug>/staff/", desk_duty_team.staff_list, name="desk-staff"),
    path("desk/events/<slug:slug>/staff/new/", desk_duty_team.staff_form, name="desk-staff-new"),
    path("desk/events/<slug:slug>/staff/<uuid:uid>/", desk_duty_team.staff_form, name="desk-staff-member"),
    path(
        "desk/events/<slug:slug>/staff/<uuid:uid>/presence/",
        desk_duty_team.presence,
        name="desk-staff-presence",
    ),
]


# Under api/v1/.
api_urls = [
    path("devices/pair/", door_api.PairView.as_view(), name="api-pair"),
    path("devices/contact/", door_api.ContactView.as_view(), name="api-contact"),
    path("devices/instruction-seen/", door_api.InstructionSeenView.as_view(), name="api-instruction-seen"),
    path("devices/sign-out/", door_api.SignOutView.as_view(), name="api-sign-out"),
    path("devices/hand-in/", door_api.HandInView.as_view(), name="api-hand-in"),
    path("devices/unlock/", duty_api.UnlockView.as_view(), name="api-unlock"),
    path("search/", duty_api.SearchView.as_view(), name="api-search"),
    path("walk-ins/", duty_api.WalkInView.as_view(), name="api-walk-ins"),
    path("parties/", duty_api.PartyView.as_view(), name="api-party"),
    path("parties/arrive/", duty_api.PartyArrivalView.as_view(), name="api-party-arrive"),
    path("contacts/", duty_api.ContactOfTicketView.as_view(), name="api-contact-of-ticket"),
    path("roll-call/", duty_api.RollCallView.as_view(), name="api-roll-call"),
    path("roll-call/marks/", duty_api.MarksView.as_view(), name="api-roll-call-marks"),
    path("roster/", door_api.RosterView.as_view(), name="api-roster"),
    path("check-ins/", door_api.CheckInsView.as_view(), name="api-check-ins"),
    path("check-ins/batch/", door_api.BatchView.as_view(), name="api-check-ins-batch"),
    path("check-ins/<uuid:scan_id>/undo/", door_api.UndoView.as_view(), name="api-undo"),
    path("occupancy/", door_api.OccupancyView.as_view(), name="api-occupancy"),
]
