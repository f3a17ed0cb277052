"""The page a person tries the demo with: be anyone, read channels, click, type, fill in modals."""

import json
from datetime import datetime
from functools import partial
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import panes
from sandbox.acts.suggest import offer_all
from sandbox.control import perform
from sandbox.errors import Refusal
from sandbox.panes import HOME_TAB
from sandbox.slack import Slack
from sandbox.world import User

Form = dict[str, list[str]]


def routes(slack: Slack) -> list[Route]:
    """The page, its form target and the version its script watches."""
    return [
        Route("/", partial(_show, slack)),
        Route("/_page/version", partial(_version_of, slack)),
        Route("/_page/home", partial(_open_home, slack)),
        Route("/_page/do", partial(_do, slack), methods=["POST"]),
    ]


async def _show(slack: Slack, request: Request) -> Response:
    user, channel = _seat(slack, request)
    here = {"user": user.id, "channel": channel}
    for view in slack.views.stack(user.id)[-1:]:
        await offer_all(slack, user, view)
    template = Template(files("sandbox").joinpath("page.html").read_text(encoding="utf-8"))
    note = request.query_params.get("note")
    name = "App Home" if channel == HOME_TAB else panes.channel_name(slack, channel)
    page = template.substitute(
        title=escape(f"{name} · {slack.world.home.name}"),
        version=escape(_version(slack, user)),
        team=escape(slack.world.home.name),
        channel=escape(channel),
        people=panes.people(slack, user),
        channels=panes.channels(slack, user, channel),
        heading=escape(name),
        note=f'<p class="note" role="status">{escape(note)}</p>' if note else "",
        content=panes.home(slack, user, here) if channel == HOME_TAB else panes.messages(slack, user, here),
        modal=panes.modal(slack, user, here),
        say="" if channel == HOME_TAB else panes.say(here),
    )
    return HTMLResponse(page)


async def _open_home(slack: Slack, request: Request) -> Response:
    user = _seat(slack, request)[0]
    return await _performed(slack, {"user": user.id, "channel": HOME_TAB}, "open-home", {"user": user.id})


async def _version_of(slack: Slack, request: Request) -> Response:
    return PlainTextResponse(_version(slack, _seat(slack, request)[0]))


async def _do(slack: Slack, request: Request) -> Response:
    """One act from a form; then back to the page, with a note when something went wrong."""
    form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    back = {name: form.get(name, [""])[0] for name in ("user", "channel")}
    try:
        act, body = _wish(slack, form)
    except Refusal as refusal:
        return _back(back, refusal.sentence)
    except (KeyError, TypeError, ValueError):
        return _back(back, "That form was not complete. Reload the page and try again.")
    return await _performed(slack, back, act, body)


async def _performed(slack: Slack, back: dict[str, str], act: str, body: dict[str, Any]) -> Response:
    try:
        outcome = await perform(slack, act, body)
    except Refusal as refusal:
        return _back(back, refusal.sentence)
    ack = outcome.get("ack") or {}
    return _back(back, f"The app did not answer well: {ack['error']}." if ack.get("error") else None)


def _back(here: dict[str, str], note: str | None) -> Response:
    return RedirectResponse("/?" + urlencode({**here, **({"note": note} if note else {})}), status_code=303)


def _wish(slack: Slack, form: Form) -> tuple[str, dict[str, Any]]:
    """Which act a form asks for, and its JSON."""
    given = {name: values[0] for name, values in form.items()}
    who, where = given["user"], given["channel"]
    target: dict[str, Any] = {name: given[name] for name in ("viewId", "messageTs") if name in given}
    if "click" in given:
        action, block, value = json.loads(given["click"])
        values = _filled(slack, form)
        chosen = {"value": value} if value is not None else {"selected": values.get(block, {}).get(action)}
        place = {} if "viewId" in target else {"channel": where}
        return "interact", {
            "user": who,
            "action": action,
            "block": block,
            "values": values,
            **chosen,
            **place,
            **target,
        }
    if "close" in given:
        return "close", {"user": who, **target}
    if "callback_id" in given:
        return "shortcut", {"user": who, "callback_id": given["callback_id"], "channel": where, **target}
    if "viewId" in given:
        return "submit", {"user": who, "values": _filled(slack, form), **target}
    text = given.get("text", "").strip()
    if text.startswith("/"):
        command, _, rest = text.partition(" ")
        return "command", {"user": who, "channel": where, "command": command, "text": rest.strip()}
    return "message", {"user": who, "channel": where, "text": text}


def _filled(slack: Slack, form: Form) -> dict[str, dict[str, Any]]:
    tz = ZoneInfo(slack.person(form["user"][0]).tz)
    values: dict[str, dict[str, Any]] = {}
    for name, given in form.items():
        if not name.startswith("["):
            continue
        kind, block_id, action_id = json.loads(name)
        value: Any = given if kind.startswith("multi_") or kind == "checkboxes" else given[0]
        if kind == "datetimepicker" and value:
            value = int(datetime.fromisoformat(value).replace(tzinfo=tz).timestamp())
        values.setdefault(block_id, {})[action_id] = value
    return values


def _seat(slack: Slack, request: Request) -> tuple[User, str]:
    people = slack.world.users
    user = people.get(request.query_params.get("user", "")) or people.get("U0ANNA") or next(iter(people.values()))
    wanted = request.query_params.get("channel", "")
    if wanted == HOME_TAB:
        return user, HOME_TAB
    own = [channel.id for channel in slack.world.channels.values() if user.id in channel.members]
    return user, wanted if wanted in own else next(iter(own), HOME_TAB)


def _version(slack: Slack, user: User) -> str:
    latest = max((message.edited_ts or message.ts for message in slack.timeline.messages), default="")
    seen = [*slack.views.stack(user.id)[-1:], *filter(None, [slack.views.homes.get(user.id)])]
    return f"{latest}/{len(slack.timeline.messages)}/{'/'.join(view.hash for view in seen)}"
