"""A bot among channels whose standing changes, with everything that may put a figure into one of them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete, update

from bot.jobs import post_digests
from kpi.errors import KpiError
from kpi.model import Actor
from kpi.services.digests import Wish
from kpi.services.surveys.words import LogRequest
from kpi.store import tables
from tests.agency import ACME, GLOBEX, HOME
from tests.builders import Portfolio
from tests.doorman import TRUTHS, Doorman, all_said
from tests.scribbler import form, press
from tests.whole_bot import FORM, JSON, WholeBot

SENTINEL = "They never call back, said in confidence"
ANNA = {"id": "U0ANNA", "team_id": HOME, "name": "anna"}
CARLA = {"id": "U0CARLA", "team_id": ACME, "name": "carla"}
OTTO = {"id": "U0OTTO", "team_id": GLOBEX, "name": "otto"}
PLACES = ("team", "sales", "client")
ASKED = ("csat", "trend csat 3m", "csat by account", "explain csat", "share csat", "surveys", "targets", "help")


@dataclass
class Traffic:
    """Steps that a test puts in any order. Channels are new in each run: `begin`."""

    bot: WholeBot
    door: Doorman
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    channels: dict[str, str] = field(default_factory=dict)
    learnt: dict[str, tuple[bool, datetime]] = field(default_factory=dict)
    """What we may remember of a place, and since when: whether it is ours alone."""

    def __post_init__(self) -> None:
        self.began = self.bot.now()
        labels = [kpi.label for kpi in self.bot.settings.policy.kpis.values()]
        self.door.secrets = re.compile("|".join([*map(re.escape, labels), re.escape(SENTINEL), r"\d ?%"]))
        self.door.is_claimed = self.is_claimed
        facts = Portfolio(self.bot.services.store)
        for day in ("2026-08-05", "2026-09-09", "2026-09-16", "2026-09-23", "2026-09-30"):
            facts.answers([5, 4, 5, 2, 5, 4], day, comment=SENTINEL)
        self.owner = self.bot.row(tables.owner, key="anna", name="Anna Arendt", slack_user_id="U0ANNA")["owner_id"]
        self.bot.services.reports.warm()

    def begin(self) -> None:
        """Fresh channels, of which one is a client's, who was just asked; nothing of an earlier run is to be said."""
        number, self.bot.now.at = next(self.numbers), self.began
        with self.bot.services.store.transaction() as tx:
            for table in (tables.digest_run, tables.digest_subscription, tables.delivery, tables.send_gate):
                tx.run(delete(table))
        self.channels = {place: f"C{number}{place.upper()}" for place in PLACES}
        self.door.truth = dict(zip(self.channels.values(), ("internal", "internal", "shared"), strict=True))
        self.door.mood = self.door.sending = "well"
        self.door.then = None
        self.learnt.clear()
        about = {"key": f"acme{number}", "name": f"Acme {number}", "channel_id": self.channels["client"]}
        self.account = int(self.bot.row(tables.account, **about, owner_id=self.owner)["account_id"])
        whose = {"account_id": self.account, "name": "Carla", "slack_user_id": "U0CARLA", "slack_team_id": ACME}
        with self.bot.services.store.transaction() as tx:
            tx.run(update(tables.contact).values(slack_user_id=None, slack_team_id=None))
        for place in PLACES:
            self._subscribed(place)
        self.carla = int(self.bot.row(tables.contact, key=f"carla{number}", **whose)["contact_id"])
        self.log()
        self.deliver()

    def take(self, name: str, arguments: tuple[Any, ...] = ()) -> None:
        """One step."""
        getattr(self, name)(*arguments)
        self._learn()

    def is_claimed(self, channel_id: str) -> bool:
        """Whether what a worker has in hand for a channel is claimed."""
        rows = [row for row in self.bot.rows(tables.delivery) if row["delivery_id"] == self.bot.attempted]
        return [(row["channel_id"], row["state"]) for row in rows] == [(channel_id, "sending")]

    def change(self, place: str, standing: str, heard: bool) -> None:
        """A channel is shared, or is no more; Slack's event may come, or not."""
        channel_id = self.channels[place]
        self.door.truth[channel_id] = standing
        if heard:
            self.learnt.pop(place, None)
            kind = "channel_shared" if TRUTHS[standing].get("is_ext_shared") else "channel_unshared"
            self._event({"type": kind, "channel": channel_id, "is_ext_shared": standing.startswith("shared")})

    def rename(self, place: str) -> None:
        """A channel goes on under another id."""
        old = self.channels[place]
        self.channels[place] = f"{old}X"
        self.door.truth[f"{old}X"] = self.door.truth.pop(old)
        self._event({"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": f"{old}X"})

    def mood(self, mood: str) -> None:
        """From now on Slack says so what a channel is."""
        self.door.mood = mood

    def sending(self, mood: str) -> None:
        """From now on Slack takes so what is said."""
        self.door.sending = mood

    def race(self, standing: str) -> None:
        """Right behind our next look the channel is something else."""
        self.door.then = standing

    def lie(self, place: str, is_shared: bool) -> None:
        """What we remember of a channel, as of just now, whatever it is."""
        values = {"is_ext_shared": is_shared, "checked_at": self.bot.now()}
        self.learnt[place] = (not is_shared, self.bot.now())
        with self.bot.services.store.transaction() as tx:
            ours = tables.channel.c.channel_id == self.channels[place]
            tx.run(delete(tables.channel).where(tx.mine(tables.channel), ours))
            tx.insert(tables.channel, {"channel_id": self.channels[place], **values})

    def _subscribed(self, place: str) -> None:
        """A digest was wanted there, when the channel was ours alone."""
        now = self.bot.now()
        times = {"cron": "0 9 * * 1", "timezone": "Europe/Berlin", "next_due_at": now, "created_at": now}
        about = {"channel_id": self.channels[place], "cadence": "weekly", "created_by": "U0HEAD"}
        self.bot.row(tables.digest_subscription, **about, **times)

    def subscribe(self, place: str) -> None:
        """A digest is wanted there."""
        wish = Wish(channel_id=self.channels[place], cadence="weekly", cron="0 9 * * 1", timezone="Europe/Berlin")
        self._try(lambda: self.bot.services.digests.subscribe(wish))

    def monday(self) -> None:
        """It is half past nine on the next one in Berlin, and every digest fell due."""
        now = self.bot.now()
        self.bot.now.at = now.replace(hour=8, minute=30) + timedelta(days=7 - now.weekday())
        post_digests.run(self.bot.services.digests, self.bot.services.reader)

    def ask(self, place: str, text: str) -> None:
        """Anna types in a channel; figures are answered there while we know, of the last minutes, that it is ours."""
        place_is = {"channel_id": self.channels[place], "trigger_id": f"{self.bot.now()}"}
        who = {"user_id": "U0ANNA", "team_id": HOME, "command": "/kpi", "text": text}
        body = urlencode({**place_is, **who, "response_url": self._told("U0ANNA")}).encode()
        answer = self.bot.send(body, FORM)
        self._learn()
        is_known, at = self.learnt.get(place, (False, self.began))
        is_fresh = self.bot.now() - at < timedelta(minutes=5) or text == "help"
        self.door.overhear(answer.json(), "U0ANNA", may_read=is_known and is_fresh)

    def share(self, place: str) -> None:
        """Anna shares an answer into a channel."""
        chosen = {"kpi_share:channel": {"selected_conversation": self.channels[place]}}
        self._press("kpi_share:send", "csat", ANNA, state={"values": {"kpi_share": chosen}})

    def log(self) -> None:
        """A meeting with the client, whom the question reaches when it is delivered."""
        self.bot.now.move(days=1)
        now = self.bot.now()
        about = {"account": self.account, "contact": self.carla, "kind": "meeting", "occurred_at": now}
        origin = {"source": "slack", "external_id": f"V{next(self.numbers)}", "logged_by": "U0ANNA"}
        request: dict[str, Any] = {**about, **origin, "by": Actor("U0ANNA", HOME, "anna")}
        self._try(lambda: self.bot.services.surveys.log(LogRequest(**request)))
        self.bot.services.surveys.post_due(now)

    def answer(self, score: int, is_known: bool) -> None:
        """The client, or somebody nobody knows, answers the newest question."""
        if token := self._newest():
            self._press(f"survey_score_{score}", f"{token}.{score}", CARLA if is_known else OTTO)

    def comment(self, is_known: bool) -> None:
        """The client says more."""
        if token := self._newest():
            said = {"comment": {"type": "plain_text_input", "value": SENTINEL}}
            self._interact(form("survey_comment", token, said, CARLA if is_known else OTTO))

    def deliver(self) -> None:
        """The worker's turn."""
        self.bot.now.move(seconds=2)
        with self.bot.services.store.transaction() as tx:
            tx.run(delete(tables.send_pace))
        self.bot.deliver()

    def crash(self) -> None:
        """A worker claims something and is gone."""
        for row in self.bot.rows(tables.delivery):
            if row["state"] == "queued":
                self._try(partial(self.bot.services.deliveries.claim, row["delivery_id"]))
                break

    def wake(self) -> None:
        """Another worker finds what was in mid-attempt."""
        for row in self.bot.rows(tables.delivery):
            if row["state"] == "sending":
                self._try(partial(self.bot.services.deliveries.claim, row["delivery_id"]))

    def resend(self, number: int) -> None:
        """Anna has something that failed said again."""
        failed = [row["delivery_id"] for row in self.bot.rows(tables.delivery) if row["state"] in ("unknown", "dead")]
        if failed:
            self._press("resend_delivery", str(failed[-1 - number % len(failed)]), ANNA)

    def wait(self, minutes: int) -> None:
        """Time goes by; what we remember grows old."""
        self.bot.now.move(minutes=minutes)

    def end(self) -> None:
        """All is well with Slack again, and everything that waits is said."""
        self.door.mood = self.door.sending = "well"
        self.wake()
        for _ in range(2):
            self.bot.now.at += timedelta(hours=1)
            self.deliver()
        all_said()

    def _learn(self) -> None:
        """What Slack said clearly since we last listened."""
        for place, channel_id in self.channels.items():
            if (is_alone := self.door.alone.pop(channel_id, None)) is not None:
                self.learnt[place] = (is_alone, self.bot.now())

    def _newest(self) -> str | None:
        asked = [row for row in self.bot.rows(tables.survey) if row["account_id"] == self.account and row["token"]]
        return str(asked[-1]["token"]) if asked else None

    def _press(self, action_id: str, value: str, who: Mapping[str, Any], **more: Any) -> None:
        body = press(action_id, value, who)
        place = self.channels["client" if who is not ANNA else "team"]
        where = {"channel": {"id": place}, "container": {**body["container"], "channel_id": place}}
        self._interact({**body, **where, **more, "response_url": self._told(str(who["id"])), "trigger_id": "1.2"})

    def _interact(self, body: Mapping[str, Any]) -> None:
        self._send(urlencode({"payload": json.dumps(body)}).encode(), FORM, str(body["user"]["id"]))

    def _event(self, event: Mapping[str, Any]) -> None:
        self._send(json.dumps({"type": "event_callback", "team_id": HOME, "event": event}).encode(), JSON, "nobody")

    def _send(self, body: bytes, kind: str, user_id: str) -> None:
        answer = self.bot.send(body, kind)
        assert answer.status_code in (200, 404), answer.text
        if answer.status_code == 200 and answer.content:
            self.door.overhear(answer.json(), user_id)

    def _told(self, user_id: str) -> str:
        return f"{self.door.url}/told/{user_id}"

    def _try(self, what: Callable[[], object]) -> None:
        try:
            what()
        except KpiError:
            return
