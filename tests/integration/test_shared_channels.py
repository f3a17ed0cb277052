"""Whatever becomes of channels, of Slack and of what we remember: no figure and no client's word is said where another
organisation reads, or may read.

A channel counts as ours alone by the last look at it before a message is sent, and only by a look that Slack answered
clearly and that was taken after the message was claimed. What it becomes between that look and the message is a race
nobody can win.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.store import tables
from tests.conftest import new_database
from tests.doorman import MOODS, SENDING, TRUTHS, Doorman, on_duty
from tests.fuzzing import examples, look
from tests.traffic import ASKED, PLACES, SENTINEL, Traffic
from tests.whole_bot import whole_bot
from tests.world import AT_ONCE

Step = tuple[str, tuple[Any, ...]]


@pytest.fixture(scope="module")
def traffic(postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traffic]:
    """One for all examples, each with channels of its own."""
    folder = tmp_path_factory.mktemp("traffic")
    files = {"surveys": AT_ONCE, "access": "operators: [U0HEAD]\n"}
    with (
        new_database(postgres_url, template=migrated_template) as url,
        on_duty(Doorman()) as door,
        whole_bot(f"{door.url}/api/", url, folder, **files) as bot,
    ):
        yield Traffic(bot, door)


def step(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(name), st.tuples(*arguments))


PLACE, STANDING = st.sampled_from(PLACES), st.sampled_from(tuple(TRUTHS))
STEPS = st.one_of(
    step("change", PLACE, STANDING, st.booleans()),
    step("rename", PLACE),
    step("mood", st.just("well") | st.sampled_from(tuple(MOODS))),
    step("sending", st.just("well") | st.sampled_from(tuple(SENDING))),
    step("race", STANDING),
    step("lie", PLACE, st.booleans()),
    step("subscribe", PLACE),
    step("monday"),
    step("monday"),
    step("ask", PLACE, st.sampled_from(ASKED)),
    step("share", PLACE),
    step("log"),
    step("answer", st.integers(1, 5), st.booleans()),
    step("answer", st.integers(1, 5), st.booleans()),
    step("comment", st.booleans()),
    step("comment", st.booleans()),
    step("deliver"),
    step("deliver"),
    step("crash"),
    step("wake"),
    step("resend", st.integers(0, 5)),
    step("wait", st.sampled_from((1, 6, 300))),
)


def run(traffic: Traffic, steps: list[Step]) -> None:
    traffic.begin()
    for name, arguments in steps:
        traffic.take(name, arguments)
    traffic.end()
    leaks, traffic.door.leaks = traffic.door.leaks, []
    assert leaks == []


@examples(30, 600)
def test_no_figure_and_no_comment_is_said_where_somebody_else_may_read(traffic: Traffic, count: int) -> None:
    @given(st.lists(STEPS, min_size=5, max_size=30))
    def holds(steps: list[Step]) -> None:
        run(traffic, steps)

    look(holds, count)


def test_what_clients_say_is_kept_and_quoted_to_our_people_alone(traffic: Traffic) -> None:
    said = [
        (word, (*score, is_known)) for is_known in (True, False) for word, score in (("answer", (2,)), ("comment", ()))
    ]
    before = len(traffic.door.told)
    run(traffic, [*said, ("deliver", ()), ("monday", ())])
    kept = [*traffic.bot.rows(tables.reply), *traffic.bot.rows(tables.held_answer)]
    ours = [row["score"] for row in kept if row["survey_id"] and row["comment"] == SENTINEL]
    assert ours.count(2) >= 2
    quoting = {where for where, text in traffic.door.told[before:] if SENTINEL in text}
    assert quoting == {traffic.channels["team"], traffic.channels["sales"]}


@pytest.mark.parametrize("standing", TRUTHS)
def test_where_we_are_alone_figures_are_said_and_nowhere_else(traffic: Traffic, standing: str) -> None:
    before = len(traffic.door.told)
    run(traffic, [("change", ("team", standing, False)), ("monday", ()), ("share", ("team",))])
    said = [where for where, _ in traffic.door.told[before:] if where == traffic.channels["team"]]
    assert bool(said) == (standing in ("internal", "within the enterprise", "archived"))


@pytest.mark.parametrize("mood", MOODS)
def test_a_channel_slack_does_not_speak_of_clearly_gets_no_figure(traffic: Traffic, mood: str) -> None:
    traffic.begin()
    before = len(traffic.door.told)
    for name, arguments in (("mood", (mood,)), ("monday", ()), ("deliver", ())):
        traffic.take(name, arguments)
    assert bool(traffic.door.told[before:]) == (mood == "well")
    assert traffic.door.leaks == []
