"""The Web API's door: token, scope, faults and the log around every method."""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.errors import SlackError
from sandbox.faults import DONE_FIRST, Fault
from sandbox.methods import METHODS
from sandbox.methods.call import Method, parsed
from sandbox.slack import Slack

Drop = Callable[[Any], None]


async def read_args(request: Request) -> dict[str, Any]:
    """Arguments from the query, a form or JSON; JSON that is no object is `invalid_json`."""
    args: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            given = json.loads(body or b"{}")
        except ValueError as fault:
            raise SlackError("invalid_json") from fault
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        method = METHODS.get(request.path_params.get("method", ""))
        return {**args, **given} if method is None or method.reads_json else args
    return {**args, **dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))}


async def answer(slack: Slack, drop: Drop, request: Request) -> Response:
    """One call, logged in the order it came; its outcome is filled in when it is known."""
    name, started = request.path_params["method"], time.perf_counter()
    entry: dict[str, Any] = {"method": name, "args": {}, "outcome": "pending", "at": time.time(), "ms": None}
    slack.calls.append(entry)
    try:
        token, entry["args"] = await _token_and_args(request)
        return await _faulty(slack, drop, request, (name, token, entry))
    except SlackError as error:
        entry["outcome"] = error.code
        return JSONResponse(error.body())
    finally:
        entry["ms"] = round((time.perf_counter() - started) * 1000, 2)


async def _token_and_args(request: Request) -> tuple[str | None, dict[str, Any]]:
    args = await read_args(request)
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, secret = base64.b64decode(credentials + "==").decode("utf-8", "replace").partition(":")
        args = {**args, "client_id": client_id, "client_secret": secret}
    token = args.pop("token", None)
    return (credentials if scheme.lower() == "bearer" else token), args


async def _faulty(slack: Slack, drop: Drop, request: Request, call: tuple[str, str | None, dict[str, Any]]) -> Response:
    name, token, entry = call
    fault = slack.faults.take(name, entry["args"])
    if fault is None:
        return _run(slack, call)
    entry["fault"] = fault.kind
    if fault.kind in _ANSWERS:
        entry["outcome"] = fault.error if fault.kind == "error" else fault.kind
        return _ANSWERS[fault.kind](fault)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return _run(slack, (name, token, entry))
    done = _run(slack, call) if fault.kind in DONE_FIRST else Response()
    entry["outcome"] = fault.kind
    if fault.kind in _SPOILT:
        return Response(_SPOILT[fault.kind](bytes(done.body)), media_type="application/json")
    if fault.kind == "accept_then_hang":
        await asyncio.sleep(fault.seconds)
    drop(request.client)
    return Response()


def _run(slack: Slack, call: tuple[str, str | None, dict[str, Any]]) -> Response:
    name, token, entry = call
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    _authorize(slack, method, token)
    if seconds := slack.pacer.retry_after(slack.world, name, entry["args"]):
        entry["outcome"] = "ratelimited"
        return _limited(seconds)
    result = {"ok": True, **method.run(slack, parsed(entry["args"]))}
    entry["outcome"] = "ok"
    return JSONResponse(result, headers={"x-oauth-scopes": ",".join(sorted(slack.config.scopes or ()))})


def _authorize(slack: Slack, method: Method, token: str | None) -> None:
    if method.owner is None:
        return
    known = {slack.config.bot_token: "bot", slack.config.app_token: "app"}
    if not token:
        raise SlackError("not_authed")
    if token not in known:
        raise SlackError("invalid_auth")
    if known[token] != method.owner:
        raise SlackError("not_allowed_token_type")
    if method.owner in slack.revoked:
        raise SlackError(slack.revoked[method.owner])
    scopes = slack.config.scopes
    if scopes is not None and method.owner == "bot" and method.scope and method.scope not in scopes:
        raise SlackError("missing_scope", needed=method.scope, provided=",".join(sorted(scopes)))


def _rate_limited(fault: Fault) -> Response:
    return _limited(fault.retry_after)


def _limited(seconds: float) -> Response:
    headers = {"Retry-After": f"{seconds:g}"}
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)


def _server_error(fault: Fault) -> Response:
    return Response("Slack is not well.", status_code=int(fault.kind.removeprefix("http_")))


def _refused(fault: Fault) -> Response:
    return JSONResponse({"ok": False, "error": fault.error})


_ANSWERS: dict[str, Callable[[Fault], Response]] = {
    "rate_limited": _rate_limited,
    "http_500": _server_error,
    "http_503": _server_error,
    "error": _refused,
}
_SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda answer: answer[: len(answer) // 2],
    "not_json": lambda _: b"<html>Slack is being mended.</html>",
}
