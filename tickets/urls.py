"""Which addresses does this floor answer?"""

from django.urls import path

from tickets.api import events as events_api
from tickets.api import registrations as registrations_api
from tickets.views import choices, groups, meetings, owner, public, register, waiting

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
    path("my/<str:secret>/name/<int:serial>/", owner.name_page, name="owner-name"),
    path("my/<str:secret>/contact/<int:serial>/", owner.contact_page, name="owner-contact"),
    path("my/<str:secret>/sessions/<int:serial>/", choices.sessions_page, name="owner-sessions"),
    path("my/<str:secret>/new-code/<int:serial>/", owner.reissue_page, name="owner-reissue"),
    path("my/<str:secret>/names/", groups.names_page, name="owner-names"),
    path("my/<str:secret>/names.csv", groups.names_csv, name="owner-names-csv"),
]

urlpatterns = [*registration_urls, *owner_urls]

# Under api/v1/.
api_urls = [
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
