"""What happened to others with events, answers and messages, told again with ours. Numbers as in `docs/stories.md`."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bots import eventually
from tests.crew import Crew, crew
from tests.crowd import gathered
from tests.doomed import Fate
from tests.pooler import pooled
from tests.replicas import launch, together
from tests.world import SLACK, UNHURRIED, World, new_world

TALK = "SELECT 1 FROM talk WHERE channel_id = %s"
PATIENT = replace(SLACK, retry_delays_seconds=(0.0, 1.0, 2.0, 4.0, 8.0))


@pytest.fixture(scope="module")
def of_four(world: World) -> Iterator[Crew]:
    with crew(world, 4, **UNHURRIED) as made:
        yield made


def test_story_11_an_event_that_came_while_nobody_listened_is_taken_when_slack_sends_it_again(
    migrated_url: str, tmp_path: Path
) -> None:
    with new_world(migrated_url, tmp_path, PATIENT) as world, crew(world, 1) as at_work:
        client = world.client()
        at_work.replicas[0].kill()
        missed = world.control.post("message", channel=client.channel, user=client.person, text="Are you there?")
        assert missed["ack"]["error"] is not None
        at_work.replace()
        eventually(lambda: world.rows(TALK, client.channel), "the event to come again")


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_story_12_what_is_delivered_twice_or_late_happens_once(world: World, transport: str) -> None:
    with crew(world, 1, transport):
        client = world.client()
        question = world.asked(client)
        world.control.post("faults", delivery="interactive", kind="duplicated", times=5)
        for score in (1, 5):
            world.click(question, score, client.person)
        world.whispered(client.channel, client.person)
        assert [reply["score"] for reply in world.replies(client)] == [5]
        assert world.counted(client) == 1
        thanks = world.deliveries(client.channel, "thanks")
        assert len(thanks) <= 2


def test_story_15_a_worker_that_wakes_up_after_its_job_was_given_to_another_says_nothing_twice(world: World) -> None:
    with crew(world, 1) as at_work:
        client = world.client()
        world.control.post("faults", method="chat.postMessage", channel=client.channel, kind="slow", seconds=1)
        world.log(client)
        eventually(lambda: [d for d in world.deliveries(client.channel) if d["state"] == "sending"], "the attempt")
        sleeper = at_work.replicas[0].process.pid or 0
        os.kill(sleeper, signal.SIGSTOP)
        try:
            with together(world.program("both"), at_work.fate, 1):
                eventually(
                    lambda: world.deliveries(client.channel)[0]["state"] == "unknown", "its job to be taken over"
                )
                os.kill(sleeper, signal.SIGCONT)
                eventually(lambda: world.deliveries(client.channel)[0]["state"] == "sent", "what it knows")
                at_work.settled()
        finally:
            os.kill(sleeper, signal.SIGCONT)
        assert len(world.questions(client)) == len(world.deliveries(client.channel)) == 1


def test_story_17_an_answer_pressed_twice_counts_once_and_a_comment_is_kept_to_its_last_letter(of_four: Crew) -> None:
    world = of_four.world
    client = world.client()
    question = world.asked(client)
    with ThreadPoolExecutor(8) as pool:
        acks = list(pool.map(lambda _: world.click(question, 4, client.person)["ack"]["error"], range(8)))
    assert acks == [None] * 8
    comment = "ä" * 2_999 + "z"
    (thanks,) = world.whispered(client.channel, client.person)
    opened = world.press(thanks, "survey_comment", client.person)["view"]
    world.control.post("submit", viewId=opened["id"], user=client.person, values={"comment": comment})
    of_four.settled()
    assert [(reply["score"], reply["comment"]) for reply in world.replies(client)] == [(4, comment)]
    assert world.counted(client) == 1
    assert len(world.deliveries(client.channel, "thanks")) == 1


def test_story_18_a_start_killed_while_it_migrates_strands_nobody_even_behind_a_pooler(
    database_url: str, tmp_path: Path
) -> None:
    with pooled(database_url) as (url, _), new_world(database_url, tmp_path) as world:
        program, fate = world.program("both", DATABASE_URL=url), Fate(tmp_path / "migration")
        with together(program, fate, 0) as replicas:
            replicas.append(launch(program, fate))
            eventually(world.migrates, "the migration")
            replicas += [launch(program, fate) for _ in range(2)]
            replicas.pop(0).kill()
            for each in replicas:
                each.listening().ready()
        assert world.rows("SELECT count(*)::int AS n FROM kpibot_schema") == [{"n": 1}]


def test_story_19_many_who_answer_at_once_are_all_counted(of_four: Crew) -> None:
    crowd = gathered(of_four.world, 60, 1)
    crowd.answer(crowd.clicks(), 10_000)
    eventually(lambda: len(crowd.stored()) == len(crowd.clicks()), "everybody's answer")
    of_four.settled()
    assert crowd.counted() == len(crowd.clicks())


@pytest.mark.slow
def test_a_running_bot_whose_socket_slack_forgot_hears_clicks_again_within_a_minute(world: World) -> None:
    with crew(world, 1) as at_work:
        client = world.client()
        question = world.asked(client)
        world.control.post("sockets", kind="half_open")
        assert not world.control.connected(wait=0)
        eventually(lambda: world.click(question, 5, client.person)["ack"]["error"] is None, "an ack", seconds=60)
        at_work.settled()
        assert [reply["score"] for reply in world.replies(client)] == [5]
