"""Things handed out with a delivery that may be used for a while: trigger ids and response urls."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox import limits
from sandbox.errors import SlackError


@dataclass(slots=True)
class Trigger:
    """The right to open one modal for this user; `view_id` is set when it came from a modal."""

    user: str
    issued_at: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer a command or click: as whom, where, about which message."""

    user: str
    channel: str
    issued_at: float
    source_ts: str | None = None
    uses: int = 0


@dataclass(slots=True)
class Tickets:
    """All trigger ids and response urls handed out."""

    trigger_seconds: float
    response_url_seconds: float
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def new_trigger(self, user: str, view_id: str | None = None) -> str:
        """A fresh trigger id."""
        key = f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self.triggers[key] = Trigger(user, time.monotonic(), view_id)
        return key

    def trigger(self, key: str) -> Trigger:
        """The trigger, still good, or SlackError invalid_, exchanged_ or expired_trigger_id."""
        trigger = self.triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued_at > self.trigger_seconds:
            raise SlackError("expired_trigger_id")
        return trigger

    def new_response_url(self, user: str, channel: str, source_ts: str | None = None) -> str:
        """A fresh response url's key."""
        key = secrets.token_urlsafe(18)
        self.response_urls[key] = ResponseUrl(user, channel, time.monotonic(), source_ts)
        return key

    def spend_response_url(self, key: str) -> ResponseUrl:
        """Count one use; SlackError `used_url` after five, `expired_url` after half an hour or when unknown."""
        found = self.response_urls.get(key)
        if found is None or time.monotonic() - found.issued_at > self.response_url_seconds:
            raise SlackError("expired_url")
        if found.uses >= limits.RESPONSE_URL_USES:
            raise SlackError("used_url")
        found.uses += 1
        return found
