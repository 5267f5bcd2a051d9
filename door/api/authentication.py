"""Which door phone calls the API, by which token?"""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication

from accounts.authentication import bearer_token
from door.domain.devices import DEVICE_PREFIX


class DevicePrincipal:
    """Stands where DRF expects a user. A device is no person and has no rights but those of the door."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    pk = None


class DeviceTokenAuthentication(BaseAuthentication):
    """request.auth is a device's token; the domain call itself checks it, in the one read of a scan."""

    def authenticate(self, request):
        token = bearer_token(request)
        if token is None or not token.startswith(DEVICE_PREFIX):
            return None
        return DevicePrincipal(), token

    def authenticate_header(self, request) -> str:
        return "Bearer"


class DeviceTokenScheme(OpenApiAuthenticationExtension):
    target_class = DeviceTokenAuthentication
    name = "deviceToken"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "A paired door phone's token."}
