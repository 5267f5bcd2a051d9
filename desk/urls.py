"""Which addresses does the desk answer?"""

from django.urls import path

from desk.views import (
    announcements,
    bulk_cancellation,
    event_changes,
    event_page,
    export_files,
    failed_mail,
    history,
    my_data,
    party_requests,
    places,
    privacy,
    registrations,
    waiting_data,
    webhooks,
)
from foundation.addresses import open_to_all

urlpatterns = [
    path("my/<secret:secret>/data/", my_data.data_page, name="owner-data"),
    path("privacy/", open_to_all(privacy.privacy_page), name="privacy"),
    path("privacy/deleted/", open_to_all(privacy.deleted_page), name="data-deleted"),
    path("my/<secret:secret>/data/table/", privacy.data_csv, name="owner-data-csv"),
    path("my/<secret:secret>/data/my-data.pdf", privacy.data_pdf, name="owner-data-pdf"),
    path("my/<secret:secret>/data/delete/", privacy.delete_page, name="owner-delete"),
    path("waiting/<secret:secret>/data/", waiting_data.waiting_data_page, name="waiting-data"),
    path("desk/privacy/", privacy.desk_page, name="desk-privacy"),
    path("desk/webhooks/", webhooks.desk_webhooks, name="desk-webhooks"),
    path("desk/webhooks/<slug:code>/", webhooks.desk_webhook, name="desk-webhook"),
    path("desk/privacy/<slug:reference>/", privacy.desk_registration, name="desk-privacy-registration"),
    path("desk/events/<slug:slug>/", event_page.event_page, name="desk-event"),
    path("desk/events/<slug:slug>/places/", places.places_page, name="desk-places"),
    path("desk/events/<slug:slug>/groups/", party_requests.parties_page, name="desk-parties"),
    path("desk/events/<slug:slug>/copy/", event_changes.copy_page, name="desk-event-copy"),
    path("desk/events/<slug:slug>/move/", event_changes.move_page, name="desk-event-move"),
    path(
        "desk/events/<slug:slug>/sessions/<slug:session>/move/",
        event_changes.session_page,
        name="desk-session-move",
    ),
    path("desk/events/<slug:slug>/cancel/", event_changes.cancel_page, name="desk-event-cancel"),
    path("desk/events/<slug:slug>/close/", event_changes.close_page, name="desk-event-close"),
    path(
        "desk/events/<slug:slug>/registrations/",
        registrations.registration_list,
        name="desk-registrations",
    ),
    path(
        "desk/events/<slug:slug>/registrations-cancel/",
        bulk_cancellation.cancel_many_page,
        name="desk-cancel-many",
    ),
    path(
        "desk/events/<slug:slug>/registrations/<slug:reference>/",
        registrations.registration_page,
        name="desk-registration",
    ),
    path(
        "desk/events/<slug:slug>/registrations/<slug:reference>/cancel/",
        registrations.cancel_page,
        name="desk-registration-cancel",
    ),
    path(
        "desk/events/<slug:slug>/registrations/<slug:reference>/tickets/<int:serial>/",
        registrations.ticket_page,
        name="desk-ticket",
    ),
    path("desk/mail/", failed_mail.failed_mail, name="desk-mail"),
    path("desk/events/<slug:slug>/messages/", announcements.message_list, name="desk-messages"),
    path("desk/events/<slug:slug>/messages/new/", announcements.message_form, name="desk-message-new"),
    path("desk/events/<slug:slug>/messages/<uuid:uid>/", announcements.message_page, name="desk-message"),
    path(
        "desk/events/<slug:slug>/messages/<uuid:uid>/edit/",
        announcements.message_form,
        name="desk-message-edit",
    ),
    path("desk/events/<slug:slug>/exports/", export_files.export_list, name="desk-exports"),
    path(
        "desk/events/<slug:slug>/exports/<uuid:uid>/file/", export_files.export_file, name="desk-export-file"
    ),
    path("desk/events/<slug:slug>/history/", history.history_page, name="desk-history"),
    path("news-off/<secret:secret>/", announcements.news_off, name="news-off"),
]
