"""Which addresses belong to signing in?"""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("account/link/<str:secret>/", views.sign_in_by_link, name="sign-in-link"),
    path("account/", include("allauth.urls")),
]
