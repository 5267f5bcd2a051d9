"""From which address does a request come, as far as our own proxies vouch for it?"""

import ipaddress

from django.conf import settings

IPV6_PREFIX = 64  # one subscriber has this many bits to turn over


def client_address(request) -> str:
    """The caller's address. With TRUSTED_PROXIES 0 no header counts; with n, the nth from the right of
    X-Forwarded-For, which our own proxy wrote. What a caller forges stands further left and moves nothing.
    """
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def client_network(request) -> str:
    """What is counted as one caller: an IPv4 address, or an IPv6 network of 64 bits."""
    text = client_address(request).strip("[]")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False).network_address)
    return str(address)
