"""The control API: people's acts, the world, faults, and what happened, as JSON over HTTP without a token."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.acts import ACTS
from sandbox.errors import Refusal, valid
from sandbox.slack import Slack
from sandbox.timeline import Message
from sandbox.trouble import TROUBLES

LONGEST_WAIT_SECONDS = 60.0


def routes(slack: Slack) -> list[Route]:
    """Every path under /_control."""
    posts = {
        "world": change_world,
        "reset": reset,
        "events-url": set_events_url,
        **TROUBLES,
        "install": install,
    }
    reads: dict[str, Callable[[Slack, Request], Any]] = {
        "messages/{channel}": messages,
        "views/{user}": views,
        "home/{user}": home,
        "state": state,
        "sockets": sockets,
        "calls": calls,
        "deliveries": deliveries,
        "log": log,
    }
    return [
        *(Route(f"/_control/{name}", partial(_post, slack, do), methods=["POST"]) for name, do in posts.items()),
        *(Route(f"/_control/{path}", partial(_read, slack, show)) for path, show in reads.items()),
        Route("/_control/{act}", partial(_act, slack), methods=["POST"]),
    ]


async def perform(slack: Slack, name: str, given: Any) -> dict[str, Any]:
    """Do one act with the JSON given; a Refusal when there is no such act or its JSON is wrong."""
    act = ACTS.get(name)
    if act is None:
        raise Refusal(404, f"There is no act “{name}”; there are {', '.join(ACTS)}.")
    return await act.do(slack, valid(act.body.model_validate, given))


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body() or b"{}")
    except ValueError as fault:
        raise Refusal(400, "The body is not JSON.") from fault


async def _act(slack: Slack, request: Request) -> Response:
    return JSONResponse(await perform(slack, request.path_params["act"], await _json(request)))


async def _post(slack: Slack, do: Callable[[Slack, Any], Any], request: Request) -> Response:
    given = await _json(request)
    if not isinstance(given, dict):
        raise Refusal(400, "The body is not a JSON object.")
    return JSONResponse({"ok": True, **await do(slack, given)})


async def _read(slack: Slack, show: Callable[[Slack, Request], Any], request: Request) -> Response:
    """Answers at once, or with `?wait=SECONDS&at_least=N` when the list has N items."""
    wait, at_least = _number(request, "wait", 0), _number(request, "at_least", 1)
    deadline = time.monotonic() + min(wait, LONGEST_WAIT_SECONDS)
    shown = show(slack, request)
    while time.monotonic() < deadline and not (shown and (not isinstance(shown, list) or len(shown) >= at_least)):
        await asyncio.sleep(0.01)
        shown = show(slack, request)
    return JSONResponse(shown)


def _number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.query_params.get(name, default))
    except ValueError as fault:
        raise Refusal(400, f"?{name} must be a number.") from fault


async def change_world(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """Add or change teams, users and channels."""
    slack.world.merge(given)
    return {}


async def reset(slack: Slack, _: dict[str, Any]) -> dict[str, Any]:
    """Back to the seed world."""
    slack.reset()
    return {}


async def set_events_url(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """Deliver as signed HTTP to this url from now on; null goes back to the socket."""
    slack.courier.events_url = given.get("url") or None
    return {"events_url": slack.courier.events_url}


async def install(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """A code for oauth.v2.access, as the consent page would hand it over."""
    code = secrets.token_urlsafe(12)
    slack.codes[code] = slack.person(str(given.get("user", "U0HEAD"))).id
    return {"code": code}


def messages(slack: Slack, request: Request) -> list[dict[str, Any]]:
    """A channel's messages, ephemeral ones flagged; a user id means the user's DM with the app."""
    channel_id = request.path_params["channel"]
    if channel_id in slack.world.users:
        channel_id = slack.world.direct_message([channel_id])[0].id
    if channel_id not in slack.world.channels:
        raise Refusal(404, f"There is no channel {channel_id}.")
    return [_flagged(slack, message) for message in slack.timeline.of(channel_id)]


def _flagged(slack: Slack, message: Message) -> dict[str, Any]:
    seen_by = {"ephemeral_to": message.ephemeral_to} if message.ephemeral_to else {}
    return {**slack.message(message), "channel": message.channel, **seen_by}


def views(slack: Slack, request: Request) -> list[dict[str, Any]]:
    """The user's open modals, the visible one last, with the errors last shown in them."""
    stack = slack.views.stack(request.path_params["user"])
    return [{**slack.view(view), "errors": view.errors} for view in stack]


def home(slack: Slack, request: Request) -> dict[str, Any] | None:
    """The user's Home, or null."""
    view = slack.views.homes.get(request.path_params["user"])
    return slack.view(view) if view else None


def state(slack: Slack, _: Request) -> dict[str, Any]:
    """The world and what is connected."""
    return slack.state()


def sockets(slack: Slack, _: Request) -> list[dict[str, Any]]:
    """The app's open sockets; with `wait` a program can tell when the app is there."""
    return [{"number": number} for number, _ in enumerate(slack.sockets.connections, start=1)]


def calls(slack: Slack, request: Request) -> list[dict[str, Any]]:
    """Web API calls in the order they came; `?method=` shows one method's."""
    wanted = request.query_params.get("method")
    return [call for call in slack.calls if wanted in {None, call["method"]}]


def deliveries(slack: Slack, request: Request) -> list[dict[str, Any]]:
    """Deliveries in the order they ended; `?type=` shows one type's (`block_actions`, `event_callback` …)."""
    wanted = request.query_params.get("type")
    return [delivery for delivery in slack.deliveries if wanted in {None, delivery["type"]}]


def log(slack: Slack, request: Request) -> dict[str, Any]:
    """Calls and deliveries together."""
    return {"calls": calls(slack, request), "deliveries": deliveries(slack, request)}
