"""Which address belongs to which floor?"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

import door.urls
import events.urls
import reporting.urls
import tickets.urls
from config import pages
from foundation.addresses import open_to_all

# The admin has no sign-in of its own: whoever comes signs in like everybody, with its limits and second
# factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

_api_urls = [*door.urls.api_urls, *tickets.urls.api_urls, *events.urls.api_urls, *reporting.urls.api_urls]

urlpatterns = [
    # First what is asked most: a scan is not looked for among all pages, nor a form among the desk's.
    path("api/v1/", include(_api_urls)),
    path("", include("tickets.urls")),
    path("", include("reporting.urls")),
    # Knows desk/events/new/, before the desk takes it for an edition's address.
    path("", include("events.urls")),
    path("", include("door.urls")),
    path("", include("desk.urls")),
    path("", include("accounts.urls")),
    path("api/schema/", open_to_all(SpectacularAPIView.as_view()), name="api-schema"),
    path("api/docs/", open_to_all(pages.api_docs), name="api-docs"),
    path("control/", admin.site.urls),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("metrics", pages.metrics, name="metrics"),
    path("robots.txt", open_to_all(pages.robots), name="robots"),
    path(".well-known/security.txt", open_to_all(pages.security_txt), name="security-txt"),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
