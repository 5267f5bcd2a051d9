"""Which addresses does this floor answer?"""

from django.urls import path

from tickets.api import door as door_api
from tickets.api import duty as duty_api
from tickets.api import events as events_api
from tickets.api import registrations as registrations_api
from tickets.views import (
    choices,
    desk_bulk,
    desk_door,
    desk_editions,
    desk_exports,
    desk_history,
    desk_instructions,
    desk_mail,
    desk_messages,
    desk_moves,
    desk_parties,
    desk_places,
    desk_registrations,
    desk_staff,
    door,
    groups,
    meetings,
    owner,
    privacy,
    public,
    register,
    waiting,
    webhooks,
)

door_urls = [
    path("desk/door/", desk_door.door_choose, name="desk-door"),
    path("desk/door/<slug:slug>/", desk_door.door_live, name="desk-door-live"),
    path("desk/door/<slug:slug>/phones/", desk_door.door_phones, name="desk-door-phones"),
    path("desk/door/<slug:slug>/phones/<int:phone>/revoke/", desk_door.door_revoke, name="desk-door-revoke"),
    path("desk/door/<slug:slug>/settle/", desk_door.door_settle, name="desk-door-settle"),
    path("desk/door/<slug:slug>/team/", desk_door.door_team, name="desk-door-team"),
    path("desk/door/<slug:slug>/duty-card/", desk_door.duty_card, name="desk-door-card"),
    path("desk/door/<slug:slug>/roll-call/", desk_door.roll_call_verb, name="desk-door-roll-call"),
    path(
        "desk/door/<slug:slug>/instruction/", desk_instructions.instruction_page, name="desk-door-instruction"
    ),
    path("door/", door.door_page, name="door"),
    path("door/service-worker.js", door.door_service_worker, name="door-service-worker"),
    path("door/manifest.webmanifest", door.door_manifest, name="door-manifest"),
]


registration_urls = [
    path("", public.home, name="home"),
    path("events.ics", public.events_ics, name="events-ics"),
    path("e/<slug:slug>/", public.event_page, name="event"),
    path("e/<slug:slug>/event.ics", public.event_ics, name="event-ics"),
    path("e/<slug:slug>/register/", register.register_page, name="register"),
    path("e/<slug:slug>/group/", groups.group_page, name="group"),
    path("e/<slug:slug>/waiting-list/", waiting.waiting_list_page, name="waiting-list"),
    path("e/<slug:slug>/about-you/", choices.equality_page, name="equality"),
    path("waiting/<str:secret>/", waiting.waiting_page, name="waiting"),
    path("T/<str:code>", public.code_page, name="code"),
    path("t/<str:code>", public.code_page),
    path("find/", choices.find_ticket, name="find-ticket"),
    path("guardian/<str:secret>/", choices.guardian_page, name="guardian"),
    path("my/<str:secret>/met/", meetings.meetings_page, name="owner-meetings"),
    path("met/<str:secret>/", meetings.met_page, name="met"),
    path("desk/meeting-points/<slug:slug>/", meetings.points_page, name="meeting-points"),
    path("accessibility/", public.page, {"name": "accessibility"}, name="accessibility"),
    path("help/", public.page, {"name": "help"}, name="help"),
    path("sitemap.xml", public.sitemap, name="sitemap"),
]

owner_urls = [
    path("my/service-worker.js", owner.service_worker, name="owner-service-worker"),
    path("my/<str:secret>/", owner.ticket_page, name="owner"),
    path("my/<str:secret>/ticket/<int:serial>/", owner.ticket_page, name="owner-one"),
    path("my/<str:secret>/ticket.pdf", owner.ticket_pdf, name="owner-pdf"),
    path("my/<str:secret>/ticket.ics", owner.ticket_ics, name="owner-ics"),
    path("my/<str:secret>/cancel/", owner.cancel_page, name="owner-cancel"),
    path("my/<str:secret>/cancel/<int:serial>/", owner.cancel_ticket_page, name="owner-cancel-ticket"),
    path("my/<str:secret>/confirm/<str:proof>/", owner.prove_page, name="owner-prove"),
    path("my/<str:secret>/data/", choices.data_page, name="owner-data"),
    path("my/<str:secret>/name/<int:serial>/", owner.name_page, name="owner-name"),
    path("my/<str:secret>/contact/<int:serial>/", owner.contact_page, name="owner-contact"),
    path("my/<str:secret>/sessions/<int:serial>/", choices.sessions_page, name="owner-sessions"),
    path("my/<str:secret>/new-code/<int:serial>/", owner.reissue_page, name="owner-reissue"),
    path("my/<str:secret>/names/", groups.names_page, name="owner-names"),
    path("my/<str:secret>/names.csv", groups.names_csv, name="owner-names-csv"),
]

privacy_urls = [
    path("privacy/", privacy.privacy_page, name="privacy"),
    path("privacy/deleted/", privacy.deleted_page, name="data-deleted"),
    path("my/<str:secret>/data/table/", privacy.data_csv, name="owner-data-csv"),
    path("my/<str:secret>/data/my-data.pdf", privacy.data_pdf, name="owner-data-pdf"),
    path("my/<str:secret>/data/delete/", privacy.delete_page, name="owner-delete"),
    path("desk/privacy/", privacy.desk_page, name="desk-privacy"),
    path("desk/webhooks/", webhooks.desk_webhooks, name="desk-webhooks"),
    path("desk/webhooks/<slug:code>/", webhooks.desk_webhook, name="desk-webhook"),
    path("desk/privacy/<slug:reference>/", privacy.desk_registration, name="desk-privacy-registration"),
]

desk_urls = [
    path("desk/events/<slug:slug>/", desk_editions.edition_page, name="desk-event"),
    path("desk/events/<slug:slug>/places/", desk_places.places_page, name="desk-places"),
    path("desk/events/<slug:slug>/groups/", desk_parties.parties_page, name="desk-parties"),
    path("desk/events/<slug:slug>/copy/", desk_moves.copy_page, name="desk-event-copy"),
    path("desk/events/<slug:slug>/move/", desk_moves.move_page, name="desk-event-move"),
    path(
        "desk/events/<slug:slug>/sessions/<slug:session>/move/",
        desk_moves.session_page,
        name="desk-session-move",
    ),
    path("desk/events/<slug:slug>/cancel/", desk_moves.cancel_page, name="desk-event-cancel"),
    path("desk/events/<slug:slug>/close/", desk_moves.close_page, name="desk-event-close"),
    path(
        "desk/events/<slug:slug>/registrations/",
        desk_registrations.registration_list,
        name="desk-registrations",
    ),
    path(
        "desk/events/<slug:slug>/registrations-cancel/", desk_bulk.cancel_many_page, name="desk-cancel-many"
    ),
    path(
        "desk/events/<slug:slug>/registrations/<slug:reference>/",
        desk_registrations.registration_page,
        name="desk-registration",
    ),
    path(
        "desk/events/<slug:slug>/registrations/<slug:reference>/cancel/",
        desk_registrations.cancel_page,
        name="desk-registration-cancel",
    ),
    path(
        "desk/events/<slug:slug>/registrations/<slug:reference>/tickets/<int:serial>/",
        desk_registrations.ticket_page,
        name="desk-ticket",
    ),
    path("desk/mail/", desk_mail.failed_mail, name="desk-mail"),
    path("desk/events/<slug:slug>/messages/", desk_messages.message_list, name="desk-messages"),
    path("desk/events/<slug:slug>/messages/new/", desk_messages.message_form, name="desk-message-new"),
    path("desk/events/<slug:slug>/messages/<uuid:uid>/", desk_messages.message_page, name="desk-message"),
    path(
        "desk/events/<slug:slug>/messages/<uuid:uid>/edit/",
        desk_messages.message_form,
        name="desk-message-edit",
    ),
    path("desk/events/<slug:slug>/exports/", desk_exports.export_list, name="desk-exports"),
    path(
        "desk/events/<slug:slug>/exports/<uuid:uid>/file/", desk_exports.export_file, name="desk-export-file"
    ),
    path("desk/events/<slug:slug>/staff/", desk_staff.staff_list, name="desk-staff"),
    path("desk/events/<slug:slug>/staff/new/", desk_staff.staff_form, name="desk-staff-new"),
    path("desk/events/<slug:slug>/staff/<uuid:uid>/", desk_staff.staff_form, name="desk-staff-member"),
    path(
        "desk/events/<slug:slug>/staff/<uuid:uid>/presence/", desk_staff.presence, name="desk-staff-presence"
    ),
    path("desk/events/<slug:slug>/history/", desk_history.history_page, name="desk-history"),
    path("news-off/<str:secret>/", desk_messages.news_off, name="news-off"),
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
    path("events/", events_api.EventsView.as_view(), name="api-events"),
    path("events/<slug:slug>/", events_api.EventView.as_view(), name="api-event"),
    path(
        "events/<slug:slug>/registrations/",
        registrations_api.RegistrationsView.as_view(),
        name="api-registrations",
    ),
    path(
        "registrations/<str:reference>/cancel/",
        registrations_api.CancelView.as_view(),
        name="api-registration-cancel",
    ),
]

public_urls = [*registration_urls, *owner_urls]
urlpatterns = [*privacy_urls, *door_urls, *desk_urls]
