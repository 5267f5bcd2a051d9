"""Which addresses does this floor answer?"""

from django.urls import path

from foundation.addresses import open_to_all
from tickets.api import events as events_api
from tickets.api import registrations as registrations_api
from tickets.views import choices, groups, meetings, owner, public, register, waiting

registration_urls = [
    path("", open_to_all(public.home), name="home"),
    path("events.ics", open_to_all(public.events_ics), name="events-ics"),
    path("e/<slug:slug>/", open_to_all(public.event_page), name="event"),
    path("e/<slug:slug>/event.ics", open_to_all(public.event_ics), name="event-ics"),
    path("e/<slug:slug>/register/", open_to_all(register.register_page), name="register"),
    path("e/<slug:slug>/group/", open_to_all(groups.group_page), name="group"),
    path("e/<slug:slug>/waiting-list/", open_to_all(waiting.waiting_list_page), name="waiting-list"),
    path("e/<slug:slug>/about-you/", open_to_all(choices.equality_page), name="equality"),
    path("waiting/<secret:secret>/", waiting.waiting_page, name="waiting"),
    path("T/<secret:code>", public.code_page, name="code"),
    path("t/<secret:code>", public.code_page),
    path("find/", open_to_all(choices.find_ticket), name="find-ticket"),
    path("guardian/<secret:secret>/", choices.guardian_page, name="guardian"),
    path("my/<secret:secret>/met/", meetings.meetings_page, name="owner-meetings"),
    path("met/<secret:secret>/", meetings.met_page, name="met"),
    path("desk/meeting-points/<slug:slug>/", meetings.points_page, name="meeting-points"),
    path("accessibility/", open_to_all(public.page), {"name": "accessibility"}, name="accessibility"),
    path("help/", open_to_all(public.page), {"name": "help"}, name="help"),
    path("sitemap.xml", open_to_all(public.sitemap), name="sitemap"),
]

owner_urls = [
    path("my/service-worker.js", owner.service_worker, name="owner-service-worker"),
    path("my/<secret:secret>/", owner.ticket_page, name="owner"),
    path("my/<secret:secret>/ticket/<int:serial>/", owner.ticket_page, name="owner-one"),
    path("my/<secret:secret>/ticket.pdf", owner.ticket_pdf, name="owner-pdf"),
    path("my/<secret:secret>/ticket.ics", owner.ticket_ics, name="owner-ics"),
    path("my/<secret:secret>/cancel/", owner.cancel_page, name="owner-cancel"),
    path("my/<secret:secret>/cancel/<int:serial>/", owner.cancel_ticket_page, name="owner-cancel-ticket"),
    path("my/<secret:secret>/confirm/<secret:proof>/", owner.prove_page, name="owner-prove"),
    path("my/<secret:secret>/name/<int:serial>/", owner.name_page, name="owner-name"),
    path("my/<secret:secret>/contact/<int:serial>/", owner.contact_page, name="owner-contact"),
    path("my/<secret:secret>/sessions/<int:serial>/", choices.sessions_page, name="owner-sessions"),
    path("my/<secret:secret>/new-code/<int:serial>/", owner.reissue_page, name="owner-reissue"),
    path("my/<secret:secret>/names/", groups.names_page, name="owner-names"),
    path("my/<secret:secret>/names.csv", groups.names_csv, name="owner-names-csv"),
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
