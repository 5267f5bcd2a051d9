"""Which addresses does this floor answer?"""

from django.urls import path

from events import api
from events.views import editions

edition_urls = [
    path("desk/events/", editions.edition_list, name="desk-events"),
    path("desk/events/new/", editions.edition_new, name="desk-event-new"),
    path("desk/events/<slug:slug>/plan/", editions.edition_edit, name="desk-event-edit"),
    path("desk/events/<slug:slug>/publish/", editions.edition_publish, name="desk-event-publish"),
    path("desk/events/<slug:slug>/programme/", editions.programme, name="desk-programme"),
    path("desk/events/<slug:slug>/sessions/new/", editions.session_form, name="desk-session-new"),
    path("desk/events/<slug:slug>/sessions/<slug:session>/edit/", editions.session_form, name="desk-session"),
    path(
        "desk/events/<slug:slug>/sessions/<slug:session>/remove/",
        editions.session_remove,
        name="desk-session-remove",
    ),
    path("desk/events/<slug:slug>/exhibitors/new/", editions.exhibitor_form, name="desk-exhibitor-new"),
    path(
        "desk/events/<slug:slug>/exhibitors/<slug:exhibitor>/edit/",
        editions.exhibitor_form,
        name="desk-exhibitor",
    ),
    path(
        "desk/events/<slug:slug>/exhibitors/<slug:exhibitor>/remove/",
        editions.exhibitor_remove,
        name="desk-exhibitor-remove",
    ),
]

urlpatterns: list = [
    *edition_urls,
    path("api/v1/spaces/", api.SpacesView.as_view(), name="api-spaces"),
    path("api/v1/bookings/", api.BookingsView.as_view(), name="api-bookings"),
    path("api/v1/bookings/<int:pk>/confirm/", api.ConfirmView.as_view(), name="api-booking-confirm"),
    path("api/v1/bookings/<int:pk>/release/", api.ReleaseView.as_view(), name="api-booking-release"),
]
