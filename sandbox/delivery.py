"""Deliveries to the app, over the socket or as signed HTTP, with the same outcome either way."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx

from sandbox.config import SandboxConfig
from sandbox.sockets import Sockets

COMMAND, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app answered: HTTP-like status (None: not at all), JSON body or None, milliseconds, Slack's error."""

    status: int | None
    body: Any
    ms: float
    error: str | None = None
    retry_wanted: bool = True

    def json(self) -> dict[str, Any]:
        """What the control API tells."""
        return {"status": self.status, "body": self.body, "ms": round(self.ms, 2), "error": self.error}


@dataclass(frozen=True, slots=True)
class Seal:
    """How a request is signed: by a clock so far off, or by somebody else."""

    skew_seconds: float = 0.0
    is_forged: bool = False


TRUE_SEAL = Seal()


class Courier:
    """Carries payloads to the app and times its acknowledgement."""

    def __init__(self, config: SandboxConfig, sockets: Sockets) -> None:
        self.config = config
        self.sockets = sockets
        self.events_url = config.events_url
        self._client: httpx.AsyncClient | None = None

    async def deliver(
        self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None = None, seal: Seal = TRUE_SEAL
    ) -> Ack:
        """One attempt. No answer in time is `operation_timeout`, nobody there or not 2xx `dispatch_failed`."""
        started = time.perf_counter()
        send = partial(self._over_http, seal) if self.events_url else self._over_socket
        try:
            async with asyncio.timeout(self.config.ack_seconds):
                status, body, retry_wanted = await send(kind, payload, retry)
        except (TimeoutError, httpx.TimeoutException):
            return Ack(None, None, _ms(started), "operation_timeout")
        except (ConnectionError, httpx.TransportError, httpx.InvalidURL):
            return Ack(None, None, _ms(started), "dispatch_failed")
        error = None if 200 <= status < 300 else "dispatch_failed"
        return Ack(status, body, _ms(started), error, retry_wanted)

    async def close(self) -> None:
        """Let the connections go."""
        if self._client:
            await self._client.aclose()

    async def _over_socket(
        self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None
    ) -> tuple[int, Any, bool]:
        return 200, await self.sockets.send(kind, payload, retry) or None, True

    async def _over_http(
        self, seal: Seal, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None
    ) -> tuple[int, Any, bool]:
        self._client = self._client or httpx.AsyncClient(trust_env=False, timeout=self.config.ack_seconds)
        content_type, body = encode(kind, payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **self._signature(body, seal)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        answer = await self._client.post(str(self.events_url), content=body.encode(), headers=headers)
        return answer.status_code, _body(answer), answer.headers.get("x-slack-no-retry") != "1"

    def _signature(self, body: str, seal: Seal) -> dict[str, str]:
        timestamp = str(int(time.time() + seal.skew_seconds))
        secret = "somebody-else" if seal.is_forged else self.config.signing_secret
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign(secret, timestamp, body)}


def sign(secret: str, timestamp: str, body: str) -> str:
    """Slack's v0 signature of a request body."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(kind: str, payload: dict[str, Any]) -> tuple[str, str]:
    """Content type and body Slack sends for this kind of delivery."""
    if kind == EVENT:
        return "application/json", json.dumps(payload)
    form = payload if kind == COMMAND else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(form)


def _body(answer: httpx.Response) -> Any:
    if not answer.text.strip():
        return None
    try:
        return answer.json()
    except ValueError:
        return {"text": answer.text}


def _ms(started: float) -> float:
    return (time.perf_counter() - started) * 1000
