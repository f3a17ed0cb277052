"""What the play came to, read back from the database and from Slack; nothing is taken from the play itself."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.demo.local_slack import LocalSlack, Message
from bot.demo.patience import Missed, Patience
from bot.demo.play import CARLA, COMMENT_GIVEN, SCORE_GIVEN, TEAM, Asked, Played
from bot.services import Services
from kpi.services.questions import Question
from kpi.store import accounts, digests, replies, surveys
from kpi.store import deliveries as said
from kpi.store.store import Record, Tx


@dataclass(frozen=True, slots=True)
class Proof:
    """The demo's last line."""

    survey_posted: bool
    reply_stored: bool
    csat_before: float | None
    csat_after: float | None
    digest_posted: bool

    def json(self) -> dict[str, Any]:
        """As one JSON document."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Witness:
    """Looks into the database and into Slack's channels."""

    services: Services
    slack: LocalSlack
    subscription_id: int

    def attest(self, played: Played, patience: Patience) -> Proof:
        """The proof. Missed when one of the things cannot be found within a while."""
        looks = {
            "The record of the question": lambda: self._posted(played.question),
            "The record of the answer": lambda: self._stored(played.question),
            "The record of the digest": lambda: self._digest_posted(played.digest),
        }
        posted, stored, digest = (patience.until(what, look) for what, look in looks.items())
        return Proof(posted, stored, self._csat(played.before), self._csat(played.after), digest)

    def _posted(self, question: Message) -> bool:
        with self.services.store.transaction() as tx:
            survey = _survey(tx, question)
        return (
            survey is not None
            and survey["posted_at"] is not None
            and survey["message_ts"] in self._public(survey["channel_id"])
        )

    def _stored(self, question: Message) -> bool:
        with self.services.store.transaction() as tx:
            survey = _survey(tx, question)
            contact = accounts.contact_of_user(tx, survey["account_id"], CARLA) if survey else None
            found = replies.get(tx, survey["survey_id"], f"contact:{contact.id}") if survey and contact else None
        return found is not None and (found["score"], found["comment"]) == (SCORE_GIVEN, COMMENT_GIVEN)

    def _digest_posted(self, digest: Message) -> bool:
        with self.services.store.transaction() as tx:
            runs = digests.runs(tx, self.subscription_id)
            sent = [said.get(tx, run["delivery_id"]) for run in runs if run["state"] == "posted"]
        return [row["message_ts"] for row in sent if row] == [digest["ts"]] and digest["ts"] in self._public(TEAM)

    def _csat(self, asked: Asked) -> float | None:
        """Computed anew as of when it was asked, and the same that was read in Slack then."""
        value = self.services.reports.answer(Question("csat", as_of=asked.at))
        shown = "" if value.value is None else self.services.reader.amount(value.value, value.unit)
        if shown not in asked.answer or f"n = {value.n} " not in asked.answer:
            raise Missed(f"Slack was told “{asked.answer}”, and the database now says {shown} with n = {value.n}.")
        return value.value

    def _public(self, channel: str) -> list[str]:
        return [message["ts"] for message in self.slack.messages(channel) if not message.get("ephemeral_to")]


def _survey(tx: Tx, question: Message) -> Record | None:
    token, _, _ = next(
        element["value"].partition(".")
        for block in question["blocks"]
        for element in block.get("elements", [])
        if "value" in element
    )
    return surveys.by_token(tx, token)
