"""Who calls the API, by which bearer token?"""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.domain import tokens


def bearer_token(request) -> str | None:
    """The bearer token of the request, or None where there is no such header.

    :raises AuthenticationFailed: the header is there and is no bearer token
    """
    header = get_authorization_header(request)
    if not header:
        return None
    scheme, _, value = header.partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    try:
        token = value.strip().decode("ascii")
    except UnicodeDecodeError:
        token = ""
    if not token or " " in token:
        raise AuthenticationFailed("Send the header as: Authorization: Bearer TOKEN.")
    return token


class PersonTokenAuthentication(BaseAuthentication):
    """A person's token; request.user is the person and request.auth the ApiToken row."""

    def authenticate(self, request):
        token = bearer_token(request)
        if token is None or not token.startswith(tokens.PREFIX):
            return None
        row = tokens.token_of(token=token)
        if row is None:
            raise AuthenticationFailed("This token is not valid. Ask for a new one.")
        return row.user, row

    def authenticate_header(self, request) -> str:
        return "Bearer"


class PersonTokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names it."""

    target_class = PersonTokenAuthentication
    name = "personToken"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "A person's token (manage.py api_token)."}
