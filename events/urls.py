"""Which addresses does this floor answer?"""

from django.urls import path

from events import api
from events.views import bookings, holding, planning, venue_keeping, venues
from foundation import addresses  # noqa: F401  knows <secret:...>

event_urls = [
    path("desk/events/", planning.event_list, name="desk-events"),
    path("desk/events/new/", planning.event_new, name="desk-event-new"),
    path("desk/events/<slug:slug>/plan/", planning.event_edit, name="desk-event-edit"),
    path("desk/events/<slug:slug>/publish/", planning.event_publish, name="desk-event-publish"),
    path("desk/events/<slug:slug>/programme/", planning.programme, name="desk-programme"),
    path("desk/events/<slug:slug>/sessions/new/", planning.session_form, name="desk-session-new"),
    path("desk/events/<slug:slug>/sessions/<slug:session>/edit/", planning.session_form, name="desk-session"),
    path(
        "desk/events/<slug:slug>/sessions/<slug:session>/remove/",
        planning.session_remove,
        name="desk-session-remove",
    ),
    path("desk/events/<slug:slug>/exhibitors/new/", planning.exhibitor_form, name="desk-exhibitor-new"),
    path(
        "desk/events/<slug:slug>/exhibitors/<slug:exhibitor>/edit/",
        planning.exhibitor_form,
        name="desk-exhibitor",
    ),
    path(
        "desk/events/<slug:slug>/exhibitors/<slug:exhibitor>/remove/",
        planning.exhibitor_remove,
        name="desk-exhibitor-remove",
    ),
]

booking_urls = [
    path("desk/bookings/", bookings.bookings_page, name="desk-bookings"),
    path("desk/bookings/search/", holding.search_page, name="desk-booking-search"),
    path("desk/bookings/new/<slug:slug>/", holding.hold_page, name="desk-booking-new"),
    path("desk/bookings/bookings.csv", bookings.bookings_csv, name="desk-bookings-csv"),
    path("desk/bookings/bookings.xlsx", bookings.bookings_xlsx, name="desk-bookings-xlsx"),
    path("desk/bookings/<int:pk>/", bookings.booking_page, name="desk-booking"),
    path("desk/bookings/<int:pk>/confirm/", bookings.confirm_page, name="desk-booking-confirm"),
    path("desk/bookings/<int:pk>/move/", bookings.move_page, name="desk-booking-move"),
    path("desk/bookings/<int:pk>/release/", bookings.release_page, name="desk-booking-release"),
]

space_path = "desk/venues/<slug:slug>/spaces/<slug:space>"
venue_urls = [
    path("desk/venues/", venues.venues_page, name="desk-venues"),
    path("desk/venues/new/", venue_keeping.venue_new, name="desk-venue-new"),
    path("desk/venues/<slug:slug>/", venues.calendar_page, name="desk-venue"),
    path("desk/venues/<slug:slug>/about/", venue_keeping.venue_about, name="desk-venue-about"),
    path("desk/venues/<slug:slug>/edit/", venue_keeping.venue_edit, name="desk-venue-edit"),
    path("desk/venues/<slug:slug>/use/", venues.use_page, name="desk-venue-use"),
    path("desk/venues/<slug:slug>/feeds/", venues.feeds_page, name="desk-venue-feeds"),
    path("desk/venues/<slug:slug>/feeds/<int:pk>/revoke/", venues.feed_revoke, name="desk-feed-revoke"),
    path("desk/venues/<slug:slug>/new-space/", venue_keeping.space_new, name="desk-space-new"),
    path(f"{space_path}/", venue_keeping.space_page, name="desk-space"),
    path(f"{space_path}/edit/", venue_keeping.space_edit, name="desk-space-edit"),
    path(f"{space_path}/hours/", venue_keeping.hours_page, name="desk-space-hours"),
    path(f"{space_path}/close/", venue_keeping.closure_new, name="desk-closure-new"),
    path(f"{space_path}/closures/<int:pk>/remove/", venue_keeping.closure_remove, name="desk-closure-remove"),
    path(f"{space_path}/new-layout/", venue_keeping.layout_form, name="desk-layout-new"),
    path(f"{space_path}/layouts/<slug:layout>/", venue_keeping.layout_form, name="desk-layout"),
    path(
        f"{space_path}/layouts/<slug:layout>/remove/", venue_keeping.layout_remove, name="desk-layout-remove"
    ),
    path("calendar/<secret:secret>.ics", venues.feed_ics, name="feed"),
]

urlpatterns: list = [*event_urls, *booking_urls, *venue_urls]

# Under api/v1/.
api_urls = [
    path("spaces/", api.SpacesView.as_view(), name="api-spaces"),
    path("bookings/", api.BookingsView.as_view(), name="api-bookings"),
    path("bookings/<int:pk>/confirm/", api.ConfirmView.as_view(), name="api-booking-confirm"),
    path("bookings/<int:pk>/release/", api.ReleaseView.as_view(), name="api-booking-release"),
]
