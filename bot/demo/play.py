"""The loop, played as people would: every step goes through Slack, and is waited for until it can be seen there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks.log_form import CONTACT
from bot.blocks.survey import COMMENT, SCORE
from bot.demo.clock import DemoClock, next_monday
from bot.demo.local_slack import LocalSlack, Message, View
from bot.demo.patience import Missed, Patience
from bot.demo.transcript import Transcript

ANNA, CARLA = "U0ANNA", "U0CARLA"
TEAM, SHARED = "C0TEAM", "C0ACME"
SCORE_GIVEN = 5
COMMENT_GIVEN = "You had an answer before I had finished the question."
_CONTACT_NAME = "Carla Client"
_DELAY = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Asked:
    """A KPI asked for: when, and the words of the answer."""

    at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class Played:
    """What was seen in Slack, for the proof."""

    before: Asked
    question: Message
    after: Asked
    digest: Message


@dataclass(frozen=True, slots=True)
class Play:
    """The people, their Slack, the clock, and the page it is all written on."""

    slack: LocalSlack
    clock: DemoClock
    zone: ZoneInfo
    told: Transcript
    patience: Patience

    def perform(self) -> Played:
        """All scenes in order. Missed when something does not happen."""
        before = self.ask("Anna asks how satisfied clients are")
        self.log()
        question = self.be_asked()
        thanks = self.answer(question)
        self.comment(thanks)
        after = self.ask("Anna asks again: n is one higher")
        return Played(before, question, after, self.digest())

    def ask(self, title: str) -> Asked:
        """`/kpi csat` in the team's channel."""
        self.told.step(title)
        shown = {message["ts"] for message in self._command(TEAM, "csat")["ephemeral"]}
        answer = self._appears("The answer to /kpi csat", TEAM, lambda message: message["ts"] in shown)
        self.told.sees(answer)
        return Asked(self.clock(), _spoken(answer))

    def log(self) -> None:
        """`/kpi log` in the channel shared with the client, the form, the confirmation."""
        self.told.step("After a meeting with Acme she logs it; the channel names the client")
        form = self._opened(self._command(SHARED, "log"))
        self.told.form(ANNA, form)
        done = self.slack.does("submit", viewId=form["id"], user=ANNA, values=_filled(form))
        self.told.note(f"She chooses {_CONTACT_NAME} and presses {form['submit']['text']}.")
        kept = self._opened(done)
        self.told.form(ANNA, kept)
        self.slack.does("close", viewId=kept["id"], user=ANNA)
        notice = self._appears("The confirmation", ANNA, lambda message: "will be asked" in _spoken(message))
        self.told.note("She keeps it. Her direct messages say the same, so that she can still change her mind:")
        self.told.sees(notice)

    def be_asked(self) -> Message:
        """The clock moves to when the question is due."""
        self.told.step("Three hours later the client is asked, in the shared channel")
        self.clock.move(_DELAY)
        question = self._appears("The question", SHARED, lambda message: bool(_pressable(message, SCORE)))
        self.told.sees(question)
        return question

    def answer(self, question: Message) -> Message:
        """The client presses a score."""
        self.told.step(f"Carla, who works for the client, presses {SCORE_GIVEN}")
        self._press(question, f"{SCORE}{SCORE_GIVEN}")
        thanks = self._appears("The thanks", SHARED, lambda message: message.get("ephemeral_to") == CARLA)
        self.told.sees(thanks)
        public = [message for message in self.slack.messages(SHARED) if not message.get("ephemeral_to")]
        if public != [question]:
            raise Missed("The shared channel changed when the client answered; it should not show scores.")
        self.told.note("For everybody else nothing changed: they see the question, and no score.")
        return thanks

    def comment(self, thanks: Message) -> None:
        """The client says why."""
        self.told.step("She adds a comment")
        form = self._opened(self._press(thanks, COMMENT))
        self.told.form(CARLA, form)
        self.told.note(f"She writes “{COMMENT_GIVEN}” and presses {form['submit']['text']}.")
        values = {"comment": {"comment": COMMENT_GIVEN}}
        kept = self._opened(self.slack.does("submit", viewId=form["id"], user=CARLA, values=values))
        self.told.form(CARLA, kept)
        self.slack.does("close", viewId=kept["id"], user=CARLA)

    def digest(self) -> Message:
        """The clock moves to Monday morning."""
        self.told.step("On Monday at nine the weekly digest appears in the team's channel")
        self.clock.move_to(next_monday(self.clock(), self.zone))
        digest = self._appears("The digest", TEAM, lambda message: "ephemeral_to" not in message)
        self.told.sees(digest)
        return digest

    def _command(self, channel: str, text: str) -> dict[str, Any]:
        self.told.types(ANNA, channel, f"/kpi {text}")
        return self.slack.does("command", channel=channel, user=ANNA, command="/kpi", text=text)

    def _press(self, message: Message, action: str) -> dict[str, Any]:
        value = _pressable(message, action)[0]["value"]
        place = {"channel": message["channel"], "messageTs": message["ts"]}
        return self.slack.does("interact", user=CARLA, action=action, value=value, **place)

    def _opened(self, outcome: dict[str, Any]) -> View:
        if outcome["view"] is None:
            raise Missed("The form did not open.")
        return dict(outcome["view"])

    def _appears(self, what: str, channel: str, is_it: Callable[[Message], bool]) -> Message:
        def look() -> Message | None:
            return next(filter(is_it, reversed(self.slack.messages(channel))), None)

        return self.patience.until(what, look)


def _spoken(message: Message) -> str:
    return str(message["text"])


def _pressable(message: Message, action: str) -> list[dict[str, Any]]:
    elements = (element for block in message.get("blocks") or [] for element in block.get("elements") or [])
    return [element for element in elements if str(element.get("action_id", "")).startswith(action)]


def _filled(form: View) -> dict[str, Any]:
    (field,) = [block["element"] for block in form["blocks"] if block["block_id"] == "contact"]
    chosen = [option["value"] for option in field["options"] if option["text"]["text"] == _CONTACT_NAME]
    return {"contact": {CONTACT: chosen[0]}}
