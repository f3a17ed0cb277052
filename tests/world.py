"""The world around running bots: a local Slack with people in it, a database, a configuration."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bot.manifest import scopes
from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.bots import Bot, Program, eventually
from tests.sayable import all_sayable

HOME, ACME, GLOBEX = "T0HOME00", "T0CLIENT", "T0OTHER0"
TRANSPORTS = ("socket", "http")
# A loaded machine is not what these tests are about: forms may take longer to open than in Slack.
SLACK = SandboxConfig(trigger_seconds=30, retry_delays_seconds=(), scopes=frozenset(scopes()), pace=None)
AT_ONCE = """
programmes:
  after_contact: {delay: 0m, working_hours: false}
  relationship: {active: false}
budget:
  floor: 0m
  between: 0m
  same: {csat: 0d, nps: 0d, ces: 0d}
  account: {asks: 0, within: 0d}
  channel_a_day: 0
  quiet: 0m
"""
_WAYS = {
    "socket": {"SLACK_APP_TOKEN": SLACK.app_token},
    "http": {"SLACK_SIGNING_SECRET": SLACK.signing_secret},
    "both": {"SLACK_APP_TOKEN": SLACK.app_token, "SLACK_SIGNING_SECRET": SLACK.signing_secret},
}

UNHURRIED = {"KPIBOT_STALL_SECONDS": "20"}
"""For programs nobody kills: that a loaded machine keeps one of them waiting does not mean that it died."""

MIGRATING = (
    "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
    "WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()"
)

Message = dict[str, Any]


@dataclass(frozen=True)
class Client:
    """An account with people of another organisation in a channel of its own; the first of them is its contact."""

    account_id: int
    contact_id: int
    name: str
    channel: str
    people: tuple[str, ...]

    @property
    def person(self) -> str:
        return self.people[0]


@dataclass
class World:
    """What tests do and see: people act through the sandbox, rows are read from the database."""

    slack: Sandbox
    control: Control
    database_url: str
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    bot: Bot | None = None

    def program(self, transport: str, **more: str) -> Program:
        """kpibot on this world's Slack and database."""
        variables = {
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": SLACK.bot_token,
            "DATABASE_URL": self.database_url,
            "KPIBOT_CONFIG": str(self.folder / "config"),
            "KPIBOT_DATA": str(self.folder / "data"),
            "KPIBOT_PORT": "0",
            "KPIBOT_TICK_SECONDS": "0.4",
            "KPIBOT_STALL_SECONDS": "1",
            "KPIBOT_LOG_FORMAT": "json",
        }
        return Program({**variables, **_WAYS[transport], **more}, self.folder)

    def speak(self, bot: Bot, transport: str) -> None:
        """From now on Slack reaches this bot in this way."""
        url = f"{bot.url}/slack/events" if transport == "http" else None
        self.control.post("events-url", url=url)
        assert transport == "http" or self.control.connected(wait=30)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """What the database answers; writes are committed."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def is_sayable(self) -> None:
        """Everything the bot said so far is within Slack's limits."""
        all_sayable(self.control.calls(), self.control.deliveries())

    def close(self) -> None:
        """Leave the database."""
        self._connection.close()

    def reconnect(self) -> None:
        """Come back to a database that was away."""
        self.close()
        del self._connection

    @cached_property
    def _connection(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.database_url, autocommit=True)

    def client(self, *, team: str = ACME, people: int = 5, owner: str = "U0ANNA") -> Client:
        """A new account of Anna's, with its channel and people."""
        number = next(self.numbers)
        name, channel = f"Client {number}", f"C0CLIENT{number:03}"
        letters = [*"ABCDEFGH", *map(str, range(8, people))]
        users = [f"U0{team[2:5]}{number:03}{letter}" for letter in letters[:people]]
        shared = {"is_shared": True, "is_ext_shared": True, "shared_team_ids": [HOME, team]}
        members = ["U0KPIBOT", "U0ANNA", "U0BEN", *users]
        self.control.post(
            "world",
            users=[{"id": user, "team_id": team, "name": user.lower(), "real_name": user} for user in users],
            channels=[{"id": channel, "name": name.lower().replace(" ", "-"), "members": members, **shared}],
        )
        account_id = self._account(name, channel, self.owner(owner))
        return Client(account_id, self.contact(account_id, users[0], team), name, channel, tuple(users))

    def owner(self, user_id: str) -> int:
        """An account manager by their Slack user id."""
        self.rows("INSERT INTO workspace (name, created_at) SELECT 'w', now() WHERE NOT EXISTS (TABLE workspace)")
        self.rows(
            "INSERT INTO owner (workspace_id, key, name, slack_user_id) VALUES (1, %s, %s, %s) ON CONFLICT DO NOTHING",
            user_id, user_id, user_id,
        )  # fmt: skip
        return int(self.rows("SELECT owner_id FROM owner WHERE key = %s", user_id)[0]["owner_id"])

    def _account(self, name: str, channel: str, owner_id: int) -> int:
        query = (
            "INSERT INTO account (workspace_id, key, name, channel_id, owner_id) VALUES (1, %s, %s, %s, %s) "
            "RETURNING account_id"
        )
        return int(self.rows(query, name.lower().replace(" ", "-"), name, channel, owner_id)[0]["account_id"])

    def contact(self, account_id: int, user_id: str, team: str = ACME) -> int:
        """A person of an account that is known by name."""
        query = (
            "INSERT INTO contact (workspace_id, key, account_id, name, slack_user_id, slack_team_id) "
            "VALUES (1, %s, %s, %s, %s, %s) RETURNING contact_id"
        )
        return int(self.rows(query, user_id, account_id, user_id, user_id, team)[0]["contact_id"])

    def log(self, client: Client, contact_id: int | None = None, **values: Any) -> dict[str, Any]:
        """Anna logs a meeting with a contact, the account's own or another, through the form; what it came to.

        With an `account` among the values it is chosen in the form, away from the client's channel.
        """
        where = "C0TEAM" if "account" in values else client.channel
        opened = self.control.post("command", channel=where, user="U0ANNA", command="/kpi", text="log")
        assert opened["view"], opened
        given = {"contact": str(contact_id or client.contact_id), **values}
        return self.control.post("submit", viewId=opened["view"]["id"], user="U0ANNA", values=given)

    def question(self, client: Client, *, seconds: float = 30) -> Message:
        """The newest question in the client's channel, waited for."""
        return eventually(lambda: self.questions(client)[-1:], "the question", seconds=seconds)[0]

    def questions(self, client: Client) -> list[Message]:
        """The questions in a client's channel, oldest first."""
        return [each for each in self.control.messages(client.channel) if button(each, "survey_score_")]

    def asked(self, client: Client) -> Message:
        """A meeting logged and the client asked."""
        self.log(client)
        return self.question(client)

    def click(self, message: Message, score: int, user: str) -> dict[str, Any]:
        """Someone presses a score."""
        return self.press(message, f"survey_score_{score}", user)

    def press(self, message: Message, action: str, user: str) -> dict[str, Any]:
        """Someone presses a button of a message."""
        place = {"channel": message["channel"], "messageTs": message["ts"]}
        return self.control.post("interact", **place, user=user, action=action)

    def kpi(self, text: str, *, user: str = "U0ANNA", channel: str = "C0TEAM") -> str:
        """What `/kpi` answers in place."""
        return str((self.kpi_ack(text, user=user, channel=channel)["body"] or {}).get("text", ""))

    def kpi_ack(self, text: str, *, user: str = "U0ANNA", channel: str = "C0TEAM") -> dict[str, Any]:
        """The acknowledgement of `/kpi`."""
        told = self.control.post("command", channel=channel, user=user, command="/kpi", text=text)
        assert told["ack"]["error"] is None, told
        return dict(told["ack"])

    def team_channel(self) -> str:
        """A new channel of our own people alone, for digests."""
        channel = f"C0DIGEST{next(self.numbers):03}"
        self.control.post(
            "world", channels=[{"id": channel, "name": channel.lower(), "members": ["U0KPIBOT", "U0HEAD"]}]
        )
        return channel

    def digest_falls_due(self, channel: str, in_seconds: float = -60) -> None:
        """A channel is subscribed to a weekly digest that falls due so many seconds from now, or a minute ago."""
        self.rows(
            "INSERT INTO digest_subscription (workspace_id, channel_id, cadence, cron, timezone, next_due_at, "
            "created_by, created_at) VALUES (1, %s, 'weekly', '0 9 * * 1', 'Europe/Berlin', "
            "now() + make_interval(secs => %s), 'U0HEAD', now())",
            channel, in_seconds,
        )  # fmt: skip

    def whispered(self, channel: str, user: str, *, at_least: int = 1) -> list[Message]:
        """What only this user sees in a channel, waited for."""

        def look() -> list[Message]:
            found = [each for each in self.control.messages(channel) if each.get("ephemeral_to") == user]
            return found if len(found) >= at_least else []

        return eventually(look, f"{at_least} private message(s) to {user}")

    def told(self, user: str, words: str) -> Message:
        """The newest direct message of the bot to someone that has these words in it, waited for."""

        def look() -> list[Message]:
            return [each for each in self.control.messages(user) if words in json.dumps(each, ensure_ascii=False)]

        return eventually(look, f"“{words}” told to {user}")[-1]

    def replies(self, client: Client) -> list[dict[str, Any]]:
        """The stored answers of an account's people, oldest first."""
        return self.rows("SELECT * FROM reply WHERE account_id = %s ORDER BY reply_id", client.account_id)

    def counted(self, client: Client) -> int:
        """How many answers of an account the days count."""
        query = "SELECT coalesce(sum(survey_answers), 0)::int AS answers FROM account_day WHERE account_id = %s"
        return int(self.rows(query, client.account_id)[0]["answers"])

    def migrates(self) -> bool:
        """Whether somebody makes the tables just now."""
        return bool(self.rows(MIGRATING))

    def deliveries(self, channel: str, kind: str = "survey") -> list[dict[str, Any]]:
        """What was to be said in a channel, oldest first."""
        return self.rows("SELECT * FROM delivery WHERE channel_id = %s AND kind = %s ORDER BY 1, 2", channel, kind)


@contextmanager
def new_world(database_url: str, folder: Path, slack_like: SandboxConfig = SLACK, **files: str) -> Iterator[World]:
    """A fresh Slack beside a database; surveys are asked at once."""
    config = folder / "config"
    config.mkdir()
    for name, text in {"surveys": AT_ONCE, **files}.items():
        (config / f"{name}.yaml").write_text(text)
    with ExitStack() as stack:
        slack = stack.enter_context(start(slack_like))
        world = World(slack, stack.enter_context(Control(slack.url)), database_url, folder)
        stack.callback(world.close)
        yield world
        world.is_sayable()


def button(message: Message, action: str) -> dict[str, Any] | None:
    """The first button of a message whose action begins so."""
    elements = [each for block in message.get("blocks", []) for each in block.get("elements", [])]
    return next((each for each in elements if str(each.get("action_id", "")).startswith(action)), None)
