"""Under which key was something written? A short answer that gives nothing of the key away."""

import hmac


def key_check(key: str) -> str:
    """16 hex characters (64 bits) of an HMAC-SHA-256 under the key, of a purpose of its own."""
    return hmac.digest(key.encode(), b"key check", "sha256").hex()[:16]
