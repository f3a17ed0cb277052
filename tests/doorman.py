"""A Slack that knows at each moment who reads a channel, says so well or badly, and looks at all that is said."""

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Lock
from threading import enumerate as running
from typing import Any
from urllib.parse import parse_qs

from tests.agency import ACME, GLOBEX, HOME
from tests.local_http import Quiet, serving

OURS, TEAMS = ("U0ANNA", "U0BEN", "U0HEAD"), {"U0CARLA": ACME, "U0OTTO": GLOBEX}
BOT = "U0KPIBOT"
TRUTHS: Mapping[str, Mapping[str, Any]] = {
    "internal": {"is_ext_shared": False, "is_pending_ext_shared": False},
    "within the enterprise": {"is_shared": True, "is_org_shared": True, "is_ext_shared": False},
    "archived": {"is_archived": True, "is_ext_shared": False, "is_pending_ext_shared": False},
    "pending": {"is_ext_shared": False, "is_pending_ext_shared": True},
    "shared": {"is_shared": True, "is_ext_shared": True, "is_pending_ext_shared": False},
    "shared and archived": {"is_archived": True, "is_ext_shared": True},
}
SAFE = ("internal", "within the enterprise", "archived")
"""Where nobody from outside reads, or is about to."""
Answer = tuple[int, bytes, Mapping[str, str]]
Reply = Callable[[dict[str, Any]], Answer | None]
"""What becomes of a true answer on its way back; None: the connection ends without one."""


def _json(body: Any, status: int = 200, **headers: str) -> Answer:
    return status, json.dumps(body).encode(), headers


def _refusing(code: str) -> Reply:
    return lambda _: _json({"ok": False, "error": code})


def _without(*names: str) -> Reply:
    def say(answer: dict[str, Any]) -> Answer:
        kept = {name: value for name, value in answer.get("channel", {}).items() if name not in names}
        return _json({**answer, "channel": kept})

    return say


def _with(**more: Any) -> Reply:
    return lambda answer: _json({**answer, "channel": {**answer.get("channel", {}), **more}})


def _limited(_: dict[str, Any]) -> Answer:
    return 429, b"", {"Retry-After": "1"}


MOODS: Mapping[str, Reply] = {
    "well": _json,
    "asked to wait": _limited,
    "broken": lambda _: (500, b"oh no", {}),
    "no answer": lambda _: None,
    "cut short": lambda answer: (200, json.dumps(answer).encode()[:-9], {}),
    "no such channel": _refusing("channel_not_found"),
    "not allowed": _refusing("missing_scope"),
    "silent about sharing": _without("is_ext_shared", "is_pending_ext_shared"),
    "silent about most": lambda answer: _json({**answer, "channel": {"id": answer.get("channel", {}).get("id")}}),
    "without a channel": lambda _: _json({"ok": True}),
    "a channel that is none": lambda _: _json({"ok": True, "channel": None}),
    "unsure": _with(is_ext_shared=None),
    "unsure of what comes": _with(is_pending_ext_shared=None),
    "in other words": _with(is_ext_shared="false"),
}
"""How Slack may say what a channel is."""
SENDING: Mapping[str, Reply] = {
    **{mood: MOODS[mood] for mood in ("well", "asked to wait", "broken", "no answer", "cut short")},
    "not there": _refusing("not_in_channel"),
    "no such blocks": _refusing("invalid_blocks"),
    "archived": _refusing("is_archived"),
}
"""How Slack may take what is said."""


@dataclass
class Doorman:
    """`truth` by channel; `leaks` is what was said where somebody else reads, or may read."""

    secrets: re.Pattern[str] = field(default_factory=lambda: re.compile("(?!)"))
    truth: dict[str, str] = field(default_factory=dict)
    mood: str = "well"
    sending: str = "well"
    then: str | None = None
    """What the channel becomes right behind our last look at it: a race nobody can win."""
    is_claimed: Callable[[str], bool] = lambda _: False
    looks: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    """The last look at a channel: whether it is surely ours alone, and whether the message was claimed."""
    alone: dict[str, bool] = field(default_factory=dict)
    """What was last said clearly of a channel before anything was claimed: whether it is ours alone."""
    leaks: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    """Where figures were said, and what."""
    url: str = ""
    _count: int = 0
    _lock: Lock = field(default_factory=Lock)

    def answer(self, method: str, given: dict[str, Any]) -> Answer | None:
        """One call of the Web API."""
        with self._lock:
            if method == "conversations.info":
                return self._look(str(given.get("channel")))
            if method in ("chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal"):
                return self._say(method, given)
        return _json(_PLAIN[method](self, given))

    def overhear(self, said: Mapping[str, Any], user_id: str, *, may_read: bool = True) -> None:
        """What answers a person's act, in the ack or later: for their eyes, unless it says otherwise."""
        text = json.dumps(said, ensure_ascii=False)
        may_read = may_read and user_id in OURS and said.get("response_type", "ephemeral") == "ephemeral"
        if self.secrets.search(text) and not may_read:
            self.leaks.append(f"answered to {user_id}: {text[:300]}")

    def _look(self, channel_id: str) -> Answer | None:
        standing = self.truth.get(channel_id)
        about = {"id": channel_id, "is_channel": True, **TRUTHS.get(standing or "", {})}
        true = {"ok": True, "channel": about} if standing else {"ok": False, "error": "channel_not_found"}
        said = MOODS[self.mood](true)
        is_alone = standing in SAFE and self.mood == "well"
        is_claimed = self.is_claimed(channel_id)
        if self.mood == "well" and standing and not is_claimed:
            self.alone[channel_id] = is_alone
        self.looks[channel_id] = (is_alone, is_claimed)
        if self.then is not None and standing:
            self.truth[channel_id], self.then = self.then, None
        return said

    def _say(self, method: str, given: dict[str, Any]) -> Answer | None:
        where = str(given.get("channel") or given.get("channel_id"))
        reader = given.get("user") or (
            where if where[:1] in "UW" else where.removeprefix("D") if where[0] == "D" else ""
        )
        text = json.dumps(given, ensure_ascii=False)
        if self.secrets.search(text):
            self.told.append((where, text))
            if not self._may_read(where, reader):
                self.leaks.append(
                    f"{method} in {where} to {reader or 'all'}, last look {self.looks.get(where)}: {text[:300]}"
                )
        self._count += 1
        return SENDING[self.sending]({"ok": True, "channel": where, "ts": f"1790000000.{self._count:06}"})

    def _may_read(self, where: str, reader: str) -> bool:
        if reader:
            return reader in OURS
        return self.looks.pop(where, (False, False)) == (True, True)


def _person(user_id: str) -> dict[str, Any]:
    team = HOME if user_id in (*OURS, BOT) else TEAMS.get(user_id, GLOBEX)
    about = {"id": user_id, "team_id": team, "real_name": user_id, "is_bot": user_id == BOT, "locale": "en-US"}
    return {"ok": True, "user": about}


_PLAIN: Mapping[str, Callable[[Doorman, dict[str, Any]], dict[str, Any]]] = {
    "auth.test": lambda _, __: {"ok": True, "team_id": HOME, "user_id": BOT, "bot_id": "B0KPIBOT"},
    "users.info": lambda _, given: _person(str(given.get("user"))),
    "conversations.members": lambda _, __: {"ok": True, "members": [BOT, *OURS, *TEAMS]},
    "conversations.open": lambda _, given: {"ok": True, "channel": {"id": f"D{given.get('users')}"}},
    "files.getUploadURLExternal": lambda door, _: {"ok": True, "upload_url": f"{door.url}/upload", "file_id": "F1"},
    "usergroups.users.list": lambda _, __: {"ok": True, "users": []},
    "views.open": lambda _, __: {"ok": True, "view": {}},
}
"""The methods that tell nobody anything."""


@contextmanager
def on_duty(doorman: Doorman) -> Iterator[Doorman]:
    """The doorman behind a port of this machine; `url` + /api/ is what goes into SLACK_API_URL."""

    class Door(Quiet):
        def take(self) -> None:
            given = _read(self)
            kind, _, name = self.path.strip("/").partition("/")
            if kind == "told":
                doorman.overhear(given, name)
            answer = doorman.answer(name, given) if kind == "api" else _json({"ok": True})
            if answer is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, body, headers = answer
            self.send_response(status)
            for header, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Door) as doorman.url:
        yield doorman


def _read(door: BaseHTTPRequestHandler) -> dict[str, Any]:
    raw = door.rfile.read(int(door.headers.get("Content-Length") or 0))
    if "json" in (door.headers.get("Content-Type") or ""):
        return dict(json.loads(raw or b"{}"))
    return {name: values[0] for name, values in parse_qs(raw.decode("latin-1")).items()}


def all_said() -> None:
    """Wait for what is said beside the acks."""
    for thread in running():
        if "(saying)" in thread.name:
            thread.join(timeout=10)
