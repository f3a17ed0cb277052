"""SIGTERM in the middle of each flow, over both transports: a quick end, and nothing lost after the next start."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.bots import STOP_SECONDS, Bot, end, eventually
from tests.world import HOME, TRANSPORTS, Client, World

LEDGER = "SELECT r.state FROM digest_run r JOIN digest_subscription s USING (subscription_id) WHERE s.channel_id = %s"
SLOW_SECONDS = 0.8


@dataclass
class Lives:
    """One bot after another over one transport."""

    world: World
    transport: str
    bots: list[Bot] = field(default_factory=list)

    def start(self) -> None:
        """Start, if none runs."""
        if not self.bots or self.bots[-1].process.poll() is not None:
            self.bots.append(self.world.program(self.transport).launch())
            self.bots[-1].listening().ready()
        self.world.speak(self.bots[-1], self.transport)

    def stop_during(self, method: str, *acts: Callable[[], Any], **place: str) -> list[Any]:
        """SIGTERM while each act waits for a slow call of this method, then start again; what the acts came to."""
        self.start()
        seen = len(self.world.control.calls(method))
        slow = {"kind": "slow", "seconds": SLOW_SECONDS, "times": len(acts)}
        self.world.control.post("faults", method=method, **slow, **place)
        with ThreadPoolExecutor(len(acts)) as pool:
            doing = [pool.submit(act) for act in acts]
            eventually(lambda: len(self.world.control.calls(method)) >= seen + len(acts), f"calls of {method}")
            ended = self.bots[-1].terminate()
            told = [one.result() for one in doing]
        assert (ended.code, ended.seconds < STOP_SECONDS, "stopped_late" in ended.said) == (0, True, False), ended
        self.start()
        return told


@pytest.fixture(scope="module", params=TRANSPORTS)
def lives(world: World, request: pytest.FixtureRequest) -> Iterator[Lives]:
    lives = Lives(world, request.param)
    yield lives
    end(*lives.bots)


def newcomer(world: World, user: str, client: Client | None = None, **more: Any) -> str:
    """Someone of our own organisation whom the bot has not met, in the team's channel and a client's."""
    world.control.post("world", users=[{"id": user, "team_id": HOME, "name": user.lower(), **more}])
    team = {"id": "C0TEAM", "members": ["U0KPIBOT", "U0ANNA", "U0GUEST", user]}
    shared = [{"id": client.channel, "members": ["U0KPIBOT", "U0ANNA", user, *client.people]}] if client else []
    world.control.post("world", channels=[team, *shared])
    return user


def test_while_a_digest_is_being_posted(lives: Lives) -> None:
    world, channel = lives.world, lives.world.team_channel()
    lives.stop_during("chat.postMessage", lambda: world.digest_falls_due(channel), channel=channel)
    assert world.rows(LEDGER, channel) == [{"state": "posted"}]
    assert len(world.control.messages(channel)) == 1


def test_while_the_question_is_being_posted(lives: Lives) -> None:
    world, client = lives.world, lives.world.client()
    lives.stop_during("chat.postMessage", lambda: world.log(client), channel=client.channel)
    assert world.click(world.question(client), 4, client.person)["ack"]["error"] is None
    assert [reply["score"] for reply in world.replies(client)] == [4]
    assert [row["state"] for row in world.deliveries(client.channel)] == ["sent"]
    assert len(world.questions(client)) == 1
    world.whispered(client.channel, client.person)


def test_while_a_click_is_being_stored_and_a_kpi_is_being_answered(lives: Lives) -> None:
    world, client = lives.world, lives.world.client()
    guest = newcomer(world, f"U0GUEST{client.account_id}", client, is_restricted=True)
    member = newcomer(world, f"U0MEMBER{client.account_id}")
    lives.start()
    question = world.asked(client)
    clicked, answer = lives.stop_during(
        "users.info", lambda: world.click(question, 2, guest), lambda: world.kpi("csat", user=member)
    )
    assert clicked["ack"]["error"] is None
    assert world.rows("SELECT score FROM held_answer WHERE slack_user_id = %s", guest) == [{"score": 2}]
    world.whispered(client.channel, guest)
    assert answer.startswith("*Client satisfaction")
