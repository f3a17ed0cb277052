"""Slack over HTTP: signed requests, checked before a byte of them is believed, answered from a thread."""

from collections.abc import Sequence

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from slack_bolt import App, BoltRequest
from slack_sdk.signature import SignatureVerifier

LARGEST_BODY = 1_000_000
THREADS = 40


def router(bolt: App, signing_secret: str) -> APIRouter:
    """`POST /slack/events`: commands, interactivity and events alike."""
    if not signing_secret.strip():
        raise ValueError("an empty signing secret would let anybody speak as Slack")
    verifier = SignatureVerifier(signing_secret)
    routes = APIRouter()
    threads = CapacityLimiter(THREADS)

    @routes.post("/slack/events", include_in_schema=False)
    async def receive(request: Request) -> Response:
        body = await request.body()
        if len(body) > LARGEST_BODY:
            return Response("The request is too large.", status_code=413)
        if not _signed(verifier, body, request):
            return Response("The request does not bear a valid signature of Slack.", status_code=401)
        parsed = _parse(body, request)
        if parsed is None:
            return Response("The request is not one that Slack sends.", status_code=400)
        # Never on the event loop: a listener may wait for the database.
        answer = await run_sync(bolt.dispatch, parsed, limiter=threads)
        headers = {name: values[0] for name, values in answer.first_headers_without_set_cookie().items()}
        return Response(answer.body, status_code=answer.status, headers=headers)

    return routes


def _signed(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    # The verifier takes the timestamp for a number and fails with a trace when it is none.
    return timestamp.isascii() and timestamp.isdigit() and verifier.is_valid(body, timestamp, signature)


def _parse(body: bytes, request: Request) -> BoltRequest | None:
    try:
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        parsed = BoltRequest(body=body.decode("utf-8"), query=str(request.url.query), headers=headers)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    return parsed if isinstance(parsed.body, dict) else None
