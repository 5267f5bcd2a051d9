"""Which addresses belong to signing in?"""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
]
