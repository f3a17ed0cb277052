"""Slack's signature below a request, as the app that receives it checks it."""

import hashlib
import hmac


def signature(secret: str, body: bytes, at: str) -> str:
    """The signature of a body sent at that second, of one that is no text too."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()


def sealed(secret: str, body: bytes, at: str) -> dict[str, bytes]:
    """The headers that say so."""
    return {"x-slack-request-timestamp": at.encode(), "x-slack-signature": signature(secret, body, at).encode()}
