"""The only way out to Slack: one attempt a call, and an exact word for what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from threading import Lock
from time import monotonic
from typing import Any
from urllib.request import Request, urlopen

import structlog
from babel import Locale, UnknownLocaleError
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.installation import Home, Installation
from bot.outcomes import Ambiguous, Rejected, Unsent
from bot.slack_call import REFUSED_TOKENS, Standing, call, client
from kpi.errors import KpiError
from kpi.model import Person

log = structlog.get_logger(__name__)

SEND_TIMEOUT_SECONDS = 8
VIEW_TIMEOUT_SECONDS = 2
ASK_TIMEOUT_SECONDS = 1  # a listener may ask twice, and Slack waits three seconds for the ack
MEMBERS_PAGE = 200
_SHARED = ("is_ext_shared", "is_pending_ext_shared")
SHARE_FILE = "files.completeUploadExternal"
_LATIN_AMERICA = {"es-LA": "es-419"}
"""Slack's own word for it, and everybody else's."""


class TokenRefused(KpiError):
    """Slack does not take our token; only a new one helps."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG to show: `comment` (mrkdwn) stands above it, `alt_text` is read aloud instead of it."""

    name: str
    title: str
    alt_text: str
    comment: str
    content: bytes


class Slack:
    """Calls the Web API as our bot. Also the `Directory` of people and channels."""

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        send_timeout: int = SEND_TIMEOUT_SECONDS,
        ask_timeout: int = ASK_TIMEOUT_SECONDS,
    ) -> None:
        self._token = token
        self._sending = client(token, api_url, send_timeout)
        self._asking = client(token, api_url, ask_timeout)
        self._opening = client(token, api_url, VIEW_TIMEOUT_SECONDS)
        self._home: Home | None = None
        self._lock = Lock()
        self._standing = Standing()

    def home(self) -> Home:
        """Who we are, asked of Slack once and remembered. TokenRefused, or KpiError when Slack cannot be reached."""
        with self._lock:
            if self._home is None:
                self._home = self._ask_home()
            return self._home

    def refused(self) -> str | None:
        """Slack's word for why it takes our token no more, as far as is known; asked again at most twice a minute."""
        if self._standing.ask_again():
            self._ask("auth.test")
        return self._standing.refused

    def home_team(self) -> str:
        """The id of the organisation the bot is installed in."""
        return self.home().team_id

    def is_on_grid(self) -> bool:
        """Whether our organisation has more workspaces than the one the bot is installed in."""
        return self.home().enterprise_id is not None

    def authorize(self, installation: Installation) -> AuthorizeResult | None:
        """Bolt's authorize: by the installation alone, from memory; None for one that is not ours."""
        home = self.home()
        if not home.is_meant(installation):
            return None
        return AuthorizeResult(
            enterprise_id=home.enterprise_id,
            team_id=home.team_id,
            bot_token=self._token,
            bot_id=home.bot_id,
            bot_user_id=home.bot_user_id,
        )

    def send(self, method: str, arguments: Mapping[str, Any]) -> str | None:
        """Call a method once; the message's ts. Raises Limited, Unsent, Ambiguous or Rejected."""
        answer = self._call(self._sending, method, arguments)
        return answer.get("ts") or answer.get("message_ts")

    def share(self, place: str, picture: Picture) -> None:
        """Show a picture in a channel, or to a user in their direct messages. Only the last call shows anything:
        what fails before it certainly did not arrive. Raises as `send` does."""
        try:
            channel_id, file_id = self._conversation(place), self._upload(picture)
        except Ambiguous as doubt:
            raise Unsent(str(doubt)) from doubt
        shown = {"files": [{"id": file_id, "title": picture.title}], "initial_comment": picture.comment}
        self._call(self._sending, SHARE_FILE, {**shown, "channel_id": channel_id})

    def _conversation(self, place: str) -> str:
        """The channel to share in; of a user, their direct message: files are not shared with user ids."""
        if not place.startswith(("U", "W")):
            return place
        found = self._call(self._sending, "conversations.open", {"users": place}).get("channel")
        return str(found["id"]) if isinstance(found, Mapping) and found.get("id") else place

    def _upload(self, picture: Picture) -> str:
        about = {"filename": f"{picture.name}.png", "length": len(picture.content), "alt_txt": picture.alt_text}
        answer = self._call(self._sending, "files.getUploadURLExternal", about, as_form=True)
        try:
            upload = Request(str(answer.get("upload_url")), data=picture.content, method="POST")  # noqa: S310 Slack's own
            with urlopen(upload, timeout=SEND_TIMEOUT_SECONDS):  # noqa: S310 the same
                return str(answer.get("file_id"))
        except (OSError, HTTPException, ValueError) as failure:
            raise Unsent(f"the picture was not uploaded: {failure!r}") from failure

    def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> bool:
        """Open a modal at once; False when it did not open (it may be tried again by the person)."""
        try:
            self._call(self._opening, "views.open", {"trigger_id": trigger_id, "view": view})
        except (Unsent, Ambiguous, Rejected) as failure:
            log.warning("view_not_opened", reason=str(failure))
            return False
        return True

    def person(self, user_id: str) -> Person | None:
        """A user's own organisation and standing; None when Slack cannot say now.

        Whoever belongs to another workspace of our enterprise belongs to our organisation.
        """
        found = self._ask("users.info", user=user_id, include_locale="true").get("user")
        if not isinstance(found, Mapping) or not isinstance(found.get("team_id"), str):
            return None
        return Person(
            user_id=user_id,
            team_id=self._organisation(found),
            name=found.get("real_name") or found.get("name") or "",
            is_guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
            is_bot=bool(found.get("is_bot")),
            is_deleted=bool(found.get("deleted")),
            timezone=found.get("tz"),
            locale=_language(found.get("locale")),
        )

    def _organisation(self, user: Mapping[str, Any]) -> str:
        grid = user.get("enterprise_user")
        enterprise_id = grid.get("enterprise_id") if isinstance(grid, Mapping) else None
        if enterprise_id and enterprise_id == self.home().enterprise_id:
            return self.home().team_id
        return str(user["team_id"])

    def is_externally_shared(self, channel_id: str) -> bool | None:
        """Whether another organisation sees, or is about to see, this channel; None when Slack cannot say."""
        found = self._ask("conversations.info", channel=channel_id).get("channel")
        marks = {name: found[name] for name in _SHARED if name in found} if isinstance(found, Mapping) else {}
        if True in marks.values():
            return True
        is_said = "is_ext_shared" in marks or (isinstance(found, Mapping) and found.get("is_im") is True)
        return False if is_said and all(mark is False for mark in marks.values()) else None

    def members(self, channel_id: str) -> tuple[str, ...] | None:
        """The user ids in a channel; of one with thousands, those Slack names within a second or two.

        None when Slack cannot say now.
        """
        found: list[str] = []
        cursor, enough = "", monotonic() + ASK_TIMEOUT_SECONDS
        while True:
            answer = self._ask("conversations.members", channel=channel_id, limit=MEMBERS_PAGE, cursor=cursor)
            page = answer.get("members")
            if not isinstance(page, list):
                return None
            found += [user_id for user_id in page if isinstance(user_id, str)]
            cursor = _next_cursor(answer)
            if not cursor or monotonic() > enough:
                return tuple(found)

    def in_group(self, group_id: str) -> tuple[str, ...] | None:
        """The user ids of a user group, none for one that is no more or is disabled; None when Slack cannot say now."""
        try:
            found = self._call(self._asking, "usergroups.users.list", {"usergroup": group_id}, as_form=True).get(
                "users"
            )
        except (Unsent, Ambiguous, Rejected) as failure:
            if isinstance(failure, Rejected) and failure.code == "no_such_subteam":
                return ()
            log.warning("slack_could_not_say", method="usergroups.users.list", reason=str(failure))
            return None
        return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else None

    def _call(
        self, web: WebClient, method: str, arguments: Mapping[str, Any], *, as_form: bool = False
    ) -> dict[str, Any]:
        try:
            answer = call(web, method, arguments, as_form=as_form)
        except Rejected as refusal:
            self._standing.note(refusal.code if refusal.code in REFUSED_TOKENS else None)
            raise
        self._standing.note(None)
        return answer

    def _ask(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        try:
            return self._call(self._asking, method, arguments, as_form=True)
        except (Unsent, Ambiguous, Rejected) as failure:
            log.warning("slack_could_not_say", method=method, reason=str(failure))
            return {}

    def _ask_home(self) -> Home:
        try:
            answer = self._call(self._asking, "auth.test", {})
        except Rejected as refusal:
            raise TokenRefused(
                f"Slack refuses SLACK_BOT_TOKEN ({refusal.code}); see docs/slack-setup.md for a new one."
            ) from refusal
        except (Unsent, Ambiguous) as failure:
            raise KpiError(f"Slack cannot be reached ({failure}); please try again.") from failure
        team_id, user_id = answer.get("team_id"), answer.get("user_id")
        if not isinstance(team_id, str) or not isinstance(user_id, str):
            raise KpiError("Slack cannot be reached (its answer does not say who we are); please try again.")
        named = answer.get("enterprise_id") or (team_id if team_id.startswith("E") else None)
        return Home(team_id, user_id, answer.get("bot_id") or user_id, named if isinstance(named, str) else None)


def _language(told: object) -> str | None:
    """A language we have numbers and days for, by its code; without its country where only that is unknown."""
    if not isinstance(told, str):
        return None
    code = _LATIN_AMERICA.get(told, told)
    for known in (code, code.partition("-")[0]):
        try:
            Locale.parse(known, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        return known
    return None


def _next_cursor(answer: Mapping[str, Any]) -> str:
    told = answer.get("response_metadata")
    cursor = told.get("next_cursor") if isinstance(told, Mapping) else None
    return cursor if isinstance(cursor, str) else ""
