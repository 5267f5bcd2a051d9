"""Which addresses does this floor answer?"""

from django.urls import path

from tickets.api import door as door_api

door_urls = [
    path("api/v1/devices/pair/", door_api.PairView.as_view(), name="api-pair"),
    path("api/v1/devices/contact/", door_api.ContactView.as_view(), name="api-contact"),
    path("api/v1/devices/sign-out/", door_api.SignOutView.as_view(), name="api-sign-out"),
    path("api/v1/devices/hand-in/", door_api.HandInView.as_view(), name="api-hand-in"),
    path("api/v1/roster/", door_api.RosterView.as_view(), name="api-roster"),
    path("api/v1/check-ins/", door_api.CheckInsView.as_view(), name="api-check-ins"),
    path("api/v1/check-ins/batch/", door_api.BatchView.as_view(), name="api-check-ins-batch"),
    path("api/v1/check-ins/<uuid:scan_id>/undo/", door_api.UndoView.as_view(), name="api-undo"),
    path("api/v1/occupancy/", door_api.OccupancyView.as_view(), name="api-occupancy"),
]

registration_urls: list = []

urlpatterns = [*registration_urls, *door_urls]
