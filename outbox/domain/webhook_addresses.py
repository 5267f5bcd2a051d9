"""May we call this address? https, a public host, no way into our own network.

An address is judged when it is entered, and again at each call by what its name resolves to at that
moment: the connection is made to the very address that was judged, and no redirect is followed.
"""

import http.client
import ipaddress
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 10.0  # seconds
MOST_READ = 1_024  # bytes of an answer; only its status is of interest
# Of IPv6 the addresses that are given to networks. Outside it lie those that carry an IPv4 address: mapped,
# compatible (::/96), translated (::ffff:0:0:0/96) and NAT64 (64:ff9b::/96, 64:ff9b:1::/48).
UNICAST = ipaddress.ip_network("2000::/3")
# Counted as public by some version of Python, and yet not the internet.
NOT_PUBLIC = [
    ipaddress.ip_network(one)
    for one in (
        "168.63.129.16/32",  # Azure tells a machine about itself
        "192.0.0.0/24",  # protocols' own; Oracle's machines ask 192.0.0.192
        "161.26.0.0/16",  # IBM's network for its own machines
        "166.8.0.0/14",
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # protocols' own, Teredo among them
        "2001:db8::/32",  # of documents
        "2002::/16",  # 6to4 carries an IPv4 address
        "3fff::/20",
    )
]


class AddressRefused(Exception):
    """It may not be called; the message says why."""


def address_fault(address: str) -> str | None:
    """Why an address cannot be entered, in words; None where it may."""
    try:
        _parts(address)
    except AddressRefused as fault:
        return str(fault)
    return None


def post(address: str, *, body: bytes, headers: dict[str, str]) -> int:
    """Post body to address; return the status that was answered.

    :raises AddressRefused: its name leads into our own network
    :raises OSError: nobody answered, or not over TLS as we ask it
    """
    parts = _parts(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connection(parts.scheme, host, port, _resolved(host, port))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body=body, headers={"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read(MOST_READ)
        return answer.status
    except http.client.HTTPException as fault:
        raise OSError(type(fault).__name__) from fault
    finally:
        connection.close()


def _parts(address: str) -> Any:
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise AddressRefused("Enter an address like https://example.org/hook") from None
    if not parts.hostname or any(ord(one) < 33 for one in address.strip()) or port == 0:
        raise AddressRefused("Enter an address like https://example.org/hook")
    if parts.username or parts.password:
        raise AddressRefused("Leave user name and password out of the address")
    if settings.PRODUCTION and parts.scheme != "https":
        raise AddressRefused("Enter an address that starts with https://")
    if parts.scheme not in {"https", "http"}:
        raise AddressRefused("Enter an address that starts with https://")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        literal = None
    if literal is not None and not _may_be_called(str(literal)):
        raise AddressRefused("Enter an address on the public internet")
    return parts


def _resolved(host: str, port: int) -> str:
    """One address of the host; all of them have to be public."""
    found = {row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not found or not all(_may_be_called(str(one)) for one in found):
        raise AddressRefused("The address leads into a private network")
    return str(sorted(found)[0])


def _may_be_called(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if not settings.PRODUCTION and address.is_loopback:
        return True
    if isinstance(address, ipaddress.IPv6Address) and address not in UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in one for one in NOT_PUBLIC)


def _connection(scheme: str, host: str, port: int, to: str) -> http.client.HTTPConnection:
    """A connection to the address that was judged; TLS still asks for the host's own name."""
    connection: http.client.HTTPConnection
    raw = socket.create_connection((to, port), timeout=TIMEOUT)
    if scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT)
        connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        connection.sock = raw
    return connection
