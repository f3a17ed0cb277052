"""Slack over HTTP: signed requests, checked before a byte of them is believed, answered from a thread."""

from collections.abc import Sequence

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from kpi.errors import KpiError

log = structlog.get_logger(__name__)

LARGEST_BODY = 1_000_000
THREADS = 40
NOT_SLACKS = "The request is not one that Slack sends."


def router(bolt: App, signing_secret: str) -> APIRouter:
    """`POST /slack/events`: commands, interactivity and events alike."""
    if not signing_secret.strip():
        raise ValueError("an empty signing secret would let anybody speak as Slack")
    verifier = SignatureVerifier(signing_secret)
    routes = APIRouter()
    threads = CapacityLimiter(THREADS)
    bolt.error(_not_understood)

    @routes.post("/slack/events", include_in_schema=False)
    async def receive(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return Response("The request is too large.", status_code=413)
        if not _signed(verifier, body, request):
            return Response("The request does not bear a valid signature of Slack.", status_code=401)
        parsed = _parse(body, request)
        if parsed is None:
            return Response(NOT_SLACKS, status_code=400)
        # Never on the event loop: a listener may wait for the database.
        answer = await run_sync(_dispatched, bolt, parsed, limiter=threads)
        headers = {name: values[0] for name, values in answer.first_headers_without_set_cookie().items()}
        return Response(answer.body, status_code=answer.status, headers=headers)

    return routes


async def _read(request: Request) -> bytes | None:
    """The body; None as soon as it is too large, however much more would come."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _signed(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    try:
        return verifier.is_valid(body, timestamp, signature)
    # It takes the timestamp for a number, the signature for ASCII and the body for UTF-8, as all of Slack's are.
    except (ValueError, TypeError, OverflowError):
        return False


def _parse(body: bytes, request: Request) -> BoltRequest | None:
    try:
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        parsed = BoltRequest(body=body.decode("utf-8"), query=str(request.url.query), headers=headers)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return parsed if isinstance(parsed.body, dict) else None


def _dispatched(bolt: App, request: BoltRequest) -> BoltResponse:
    try:
        return bolt.dispatch(request)
    # Bolt looks into the payload once more for its error handler, and may stumble again.
    except (TypeError, ValueError, AttributeError, LookupError) as failure:
        return _not_understood(failure)


def _not_understood(error: Exception) -> BoltResponse:
    """Listeners speak for themselves, so this is Bolt stumbling over a payload, or not knowing yet who we are."""
    if isinstance(error, KpiError):
        log.warning("request_refused", reason=str(error))
        return BoltResponse(status=503, body=str(error))
    log.warning("request_not_understood", exc_info=error)
    return BoltResponse(status=400, body=NOT_SLACKS)
