"""One call of Slack's Web API, and what its answer, or its silence, means."""

import ssl
import urllib.error
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from math import isfinite
from threading import Lock
from time import monotonic
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.outcomes import Ambiguous, Limited, Rejected, Unsent

REFUSED_TOKENS = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked", "org_login_required"}
)
"""Slack's words for a token that opens nothing any more, whatever is asked."""
ASK_AGAIN_SECONDS, ASK_AT_REST_SECONDS = 30.0, 60.0
TRANSIENT = ("ratelimited", "rate_limited", "service_unavailable", "team_added_to_org")
AMBIGUOUS = ("internal_error", "fatal_error", "request_timeout")


@dataclass(slots=True)
class Standing:
    """Whether Slack takes our token, by its last answer."""

    refused: str | None = None
    at: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def note(self, refused: str | None) -> None:
        """What the last answer said."""
        self.refused, self.at = refused, monotonic()

    def ask_again(self) -> bool:
        """Whether to ask anew: a refused token may be good again, a good one may have been taken back while nothing was
        called. One caller is told so, once in a while."""
        with self.lock:
            old = monotonic() - self.at > (ASK_AGAIN_SECONDS if self.refused else ASK_AT_REST_SECONDS)
            if old:
                self.at = monotonic()
            return old


def client(token: str, api_url: str, timeout: int) -> WebClient:
    """A Web API client that never retries by itself: the default one posts twice after a dropped connection."""
    return WebClient(token=token, base_url=api_url, timeout=timeout, retry_handlers=[])


def call(web: WebClient, method: str, arguments: Mapping[str, Any], *, as_form: bool = False) -> dict[str, Any]:
    """What Slack answers to one call of a method. Raises Limited, Unsent, Ambiguous or Rejected."""
    # Slack's older methods that only read take a form: of JSON they see no argument at all.
    body: dict[str, Any] = {"params" if as_form else "json": dict(arguments)}
    try:
        response = web.api_call(method, **body)
    except SlackApiError as refusal:
        raise _verdict(refusal.response) from refusal
    except urllib.error.URLError as failure:
        raise _never_connected(failure) from failure
    # The last two: an unknown charset, and JSON that is no object; slack_sdk lets both through as they come.
    except (OSError, HTTPException, SlackRequestError, ValueError, LookupError, AttributeError) as failure:
        raise Ambiguous(f"no answer from Slack: {failure!r}") from failure
    return dict(response.data) if isinstance(response.data, dict) else {}


def _verdict(response: SlackResponse) -> Exception:
    data = response.data if isinstance(response.data, dict) else {}
    code = data.get("error")
    if response.status_code == 429 or code in ("ratelimited", "rate_limited"):
        return Limited(_retry_after(response.headers))
    # A code is one word; slack_sdk puts a sentence there when the body was no JSON.
    if response.status_code != 200 or not isinstance(code, str) or code in AMBIGUOUS or len(code.split()) != 1:
        return Ambiguous(f"Slack failed with status {response.status_code}: {str(code)[:200]}")
    return Unsent(code) if code in TRANSIENT else Rejected(code)


def _retry_after(headers: Mapping[str, str]) -> float:
    words = {name.lower(): value for name, value in headers.items()}
    try:
        seconds = float(words.get("retry-after", "30"))
    except ValueError:
        return 30.0
    return min(max(seconds, 1.0), 3600.0) if isfinite(seconds) else 30.0


def _never_connected(failure: urllib.error.URLError) -> Exception:
    """urllib wraps what happens up to the end of sending in URLError; only these reasons mean no request left."""
    refused = (ConnectionRefusedError, ssl.SSLCertVerificationError)
    name_unknown = type(failure.reason).__name__ == "gaierror"
    if name_unknown or isinstance(failure.reason, refused):
        return Unsent(f"Slack cannot be reached: {failure.reason}")
    return Ambiguous(f"the connection to Slack broke: {failure.reason!r}")
