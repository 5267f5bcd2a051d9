"""Which addresses does this floor answer?"""

from django.urls import path

from events import api

urlpatterns: list = [
    path("api/v1/spaces/", api.SpacesView.as_view(), name="api-spaces"),
    path("api/v1/bookings/", api.BookingsView.as_view(), name="api-bookings"),
    path("api/v1/bookings/<int:pk>/confirm/", api.ConfirmView.as_view(), name="api-booking-confirm"),
    path("api/v1/bookings/<int:pk>/release/", api.ReleaseView.as_view(), name="api-booking-release"),
]
