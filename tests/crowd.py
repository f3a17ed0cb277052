"""Many people who answer many questions at a steady rate, and what each of them was told."""

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx

from tests.world import Message, World

Click = tuple[str, str]
"""A channel, and who clicked there."""
Clicks = list[tuple[Message, str]]
"""Questions, and who answers each."""
SCORE = 4
STORED = (
    "SELECT s.channel_id, c.slack_user_id FROM reply r JOIN survey s USING (workspace_id, survey_id) "
    "JOIN contact c ON (c.workspace_id, c.contact_id) = (r.workspace_id, r.contact_id) "
    "WHERE r.score = %s AND s.channel_id = ANY(%s)"
)
COUNTED = (
    "SELECT coalesce(sum(survey_answers), 0)::int AS counted FROM account_day "
    "JOIN account USING (workspace_id, account_id) "
    "WHERE channel_id = ANY(%s)"
)


@dataclass
class Crowd:
    """People in the channels of several accounts, each with a question; `acked`: who saw which click acknowledged."""

    world: World
    questions: list[Message]
    people: tuple[str, ...]
    acked: dict[Click, bool] = field(default_factory=dict)

    def clicks(self) -> Clicks:
        """Everybody's clicks, one on each question, person after person: each account hears from one at a time."""
        return [(question, person) for person in self.people for question in self.questions]

    def answer(self, clicks: Clicks, per_second: float) -> float:
        """Click at this rate, whatever becomes of each; how many seconds it all took."""
        started = monotonic()
        asyncio.run(self._answer(clicks, per_second))
        return monotonic() - started

    async def _answer(self, clicks: Clicks, per_second: float) -> None:
        # The local Slack closes what was idle for five seconds; a connection must not be used again just then.
        limits = httpx.Limits(max_connections=500, max_keepalive_connections=100, keepalive_expiry=2)
        base = f"{self.world.slack.url}/_control/"
        async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60, limits=limits) as http:
            began = monotonic()
            async with asyncio.TaskGroup() as group:
                for number, (question, person) in enumerate(clicks):
                    await asyncio.sleep(max(0.0, began + number / per_second - monotonic()))
                    group.create_task(self._click(http, question, person))

    async def _click(self, http: httpx.AsyncClient, question: Message, person: str) -> None:
        place = {"channel": question["channel"], "messageTs": question["ts"]}
        answer = await http.post("interact", json={**place, "user": person, "action": f"survey_score_{SCORE}"})
        told: dict[str, Any] = answer.json()
        self.acked[question["channel"], person] = not answer.is_error and told["ack"]["error"] is None

    def stored(self) -> set[Click]:
        """Whose answers the database has."""
        return {(row["channel_id"], row["slack_user_id"]) for row in self.world.rows(STORED, SCORE, self.channels())}

    def counted(self) -> int:
        """How many answers the days of these accounts count."""
        return int(self.world.rows(COUNTED, self.channels())[0]["counted"])

    def channels(self) -> list[str]:
        """Where they are asked."""
        return [question["channel"] for question in self.questions]

    def told_to_try_again(self) -> set[Click]:
        """Who read a request to try again."""
        seen = [each for channel in self.channels() for each in self.world.control.messages(channel)]
        return {(each["channel"], each["ephemeral_to"]) for each in seen if "try again" in each.get("text", "").lower()}

    def lost(self) -> set[Click]:
        """Acknowledged, not stored, and nobody said so."""
        return {click for click, acked in self.acked.items() if acked} - self.stored() - self.told_to_try_again()


def gathered(world: World, people: int, questions: int) -> Crowd:
    """So many people of one organisation, who are in so many channels and are asked in each."""
    first = world.client(people=people)
    clients = [first, *(world.client(people=1) for _ in range(questions - 1))]
    members = ["U0KPIBOT", "U0ANNA", *first.people]
    world.control.post("world", channels=[{"id": each.channel, "members": [*members, each.person]} for each in clients])
    return Crowd(world, [world.asked(each) for each in clients], first.people)
