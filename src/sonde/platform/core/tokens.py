"""Opaque tokens: session ids and one-time links; only their hashes are kept."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return 256 random bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token: enough, because tokens are long and random.

    Examples
    --------
    >>> token_hash("a")[:8]
    'ca978112'
    """
    return hashlib.sha256(token.encode()).hexdigest()
