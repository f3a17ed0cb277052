"""The job that sends: what Slack did to the one attempt is what the delivery says, and numbers stay inside."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.mail import Mail
from bot.queue import Again
from bot.slack import Slack
from kpi.model import Message
from kpi.store.store import Store
from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.post_room import PostRoom
from tests.postmaster import SENDER, Box, gateway, serving
from tests.rude_server import free_port

POST, LOOK = "chat.postMessage", "conversations.info"
QUESTION = Message("survey", "client", "C0ACME", {"text": "How was it?"}, "survey:1", responsible="U0ANNA")
LETTER = {"subject": "One question", "text": "Hello", "link": "https://kpi.example/s/x"}
INVITATION = Message("invitation", "person", "carla@acme.example", LETTER, "invitation:1:mail", method="mail",
                     responsible="U0ANNA")  # fmt: skip
DIGEST = Message("digest", "internal", "C0TEAM", {"text": "CSAT 92 %"}, "digest:1:2026-W40")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(SandboxConfig()) as running:
        yield running


@pytest.fixture
def room(sandbox: Sandbox, store: Store) -> Iterator[PostRoom]:
    with Control(sandbox.url) as control:
        control.post("reset")
        slack = Slack("xoxb-sandbox", sandbox.api_url, send_timeout=1, ask_timeout=1)
        yield PostRoom(store, slack, control)


def test_a_message_arrives_and_its_ts_is_kept(room: PostRoom) -> None:
    delivery_id = room.say(QUESTION)
    room.deliver(delivery_id)
    (message,) = room.control.messages("C0ACME")
    row = room.row(delivery_id)
    assert (row["state"], row["message_ts"], row["finished_at"]) == ("sent", message["ts"], room.now())
    assert message["text"] == "How was it?"


def test_a_job_run_again_after_the_message_went_says_nothing(room: PostRoom) -> None:
    delivery_id = room.say(QUESTION)
    for _ in range(3):
        room.deliver(delivery_id)
    assert room.texts("C0ACME") == ["How was it?"]


def test_a_job_of_a_delivery_that_is_gone_does_nothing(room: PostRoom) -> None:
    room.deliver(999)
    assert room.control.calls() == []


def test_a_reply_goes_into_its_thread_and_words_for_one_person_are_seen_by_them_alone(room: PostRoom) -> None:
    room.deliver(room.say(QUESTION))
    thread_ts = room.control.messages("C0ACME")[0]["ts"]
    room.deliver(room.say(replace(QUESTION, dedupe_key="survey:2", thread_ts=thread_ts)))
    private = replace(QUESTION, kind="thanks", audience="person", dedupe_key="thanks:1", user_id="U0CARLA")
    room.deliver(room.say(replace(private, method="chat.postEphemeral")))
    _, reply, thanks = room.control.messages("C0ACME")
    assert reply["thread_ts"] == thread_ts
    assert thanks["ephemeral_to"] == "U0CARLA"


@pytest.mark.parametrize(
    ("kind", "there"), [("accept_then_drop", ["How was it?"]), ("drop_before_accept", []), ("http_500", [])]
)
def test_a_send_nobody_can_confirm_is_unknown_and_never_repeated_by_itself(
    room: PostRoom, kind: str, there: list[str]
) -> None:
    room.fail(POST, kind)
    delivery_id = room.say(QUESTION)
    for _ in range(3):
        room.deliver(delivery_id)
    assert room.state(delivery_id) == "unknown"
    assert room.texts("C0ACME") == there
    assert len(room.control.calls(POST)) == 1


def test_whoever_is_responsible_is_told_of_an_unknown_message_and_one_press_sends_it_again(room: PostRoom) -> None:
    room.fail(POST, "drop_before_accept")
    delivery_id = room.say(QUESTION)
    room.deliver(delivery_id)
    (notice,) = room.notices()
    room.deliver(notice["delivery_id"])
    assert room.texts("U0ANNA")[0].startswith(f"{delivery_id} is unknown")
    room.deliveries.resend(delivery_id, "U0ANNA")
    room.deliver(room.queue.jobs[-1][1]["delivery_id"])
    assert room.texts("C0ACME") == ["How was it?"]


def test_a_rate_limit_waits_as_long_as_slack_says_and_holds_back_the_whole_channel(room: PostRoom) -> None:
    room.fail(POST, "rate_limited", retry_after=17)
    first, second = room.say(QUESTION), room.say(replace(QUESTION, dedupe_key="survey:2"))
    elsewhere = room.say(replace(QUESTION, channel_id="C0GLOBEX", dedupe_key="survey:3"))
    assert room.wait(first) == 17
    room.let_pass(5)
    assert 10 < room.wait(second) <= 12
    room.deliver(elsewhere)
    assert len(room.control.calls(POST)) == 2
    room.let_pass(12)
    room.deliver(first)
    assert (room.state(first), room.row(first)["attempt"]) == ("sent", 1)


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "not_in_channel", "invalid_blocks"])
def test_what_slack_refuses_for_good_is_dead_at_once_and_somebody_is_told(room: PostRoom, code: str) -> None:
    room.fail(POST, "error", error=code)
    delivery_id = room.say(QUESTION)
    room.deliver(delivery_id)
    assert (room.row(delivery_id)["state"], room.row(delivery_id)["error"]) == ("dead", code)
    assert code in room.notices()[0]["payload"]["text"]


def test_an_archived_channel_is_dead_without_any_fault(room: PostRoom) -> None:
    delivery_id = room.say(replace(QUESTION, channel_id="C0OLD"))
    room.deliver(delivery_id)
    assert room.row(delivery_id)["error"] == "is_archived"


def test_a_slack_out_of_reach_is_tried_again_later(room: PostRoom) -> None:
    delivery_id = room.say(QUESTION)
    reachable, room.slack = room.slack, Slack("xoxb-sandbox", f"http://127.0.0.1:{free_port()}/api/")
    wait = room.wait(delivery_id)
    assert room.state(delivery_id) == "queued"
    room.now.move(seconds=wait)
    room.slack = reachable
    room.deliver(delivery_id)
    assert (room.state(delivery_id), room.row(delivery_id)["attempt"]) == ("sent", 2)


def test_a_slack_that_is_busy_is_tried_with_growing_pauses(room: PostRoom) -> None:
    delivery_id = room.say(QUESTION)
    room.fail(POST, "error", error="service_unavailable", times=9)
    pauses = []
    for _ in range(3):
        pauses.append(room.wait(delivery_id))
        room.now.move(seconds=pauses[-1])
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1]


def test_numbers_are_posted_where_only_we_read_and_slack_is_asked_once_when_it_is_time(room: PostRoom) -> None:
    delivery_id = room.say(DIGEST)
    assert room.control.calls(LOOK) == []
    room.deliver(delivery_id)
    assert room.texts("C0TEAM") == ["CSAT 92 %"]
    assert [call["method"] for call in room.control.calls()] == [LOOK, POST]


@pytest.mark.parametrize("channel_id", ["C0ACME", "C0PENDING"])
def test_numbers_never_reach_a_channel_another_organisation_sees_or_is_invited_to(
    room: PostRoom, channel_id: str
) -> None:
    delivery_id = room.say(replace(DIGEST, channel_id=channel_id, responsible="U0ANNA"))
    room.deliver(delivery_id)
    assert room.control.calls(POST) == []
    assert room.state(delivery_id) == "dead"
    assert "another organisation" in room.notices()[0]["payload"]["text"]


def test_numbers_stay_home_when_the_channel_became_shared_while_they_waited(room: PostRoom) -> None:
    delivery_id = room.say(DIGEST)
    room.control.post("world", channels=[{"id": "C0TEAM", "is_ext_shared": True, "is_shared": True}])
    room.deliver(delivery_id)
    assert room.control.calls(POST) == []
    assert room.state(delivery_id) == "dead"


@pytest.mark.parametrize("kind", ["http_500", "drop_before_accept", "rate_limited", "error", "slow"])
def test_numbers_wait_while_slack_cannot_say_who_reads_the_channel(room: PostRoom, kind: str) -> None:
    room.fail(LOOK, kind, seconds=1.5)
    delivery_id = room.say(DIGEST)
    wait = room.wait(delivery_id)
    assert room.control.calls(POST) == []
    assert room.state(delivery_id) == "queued"
    room.now.move(seconds=wait)
    room.deliver(delivery_id)
    assert room.texts("C0TEAM") == ["CSAT 92 %"]


def test_numbers_for_a_channel_slack_never_tells_of_are_given_up_unsent(room: PostRoom) -> None:
    delivery_id = room.say(replace(DIGEST, channel_id="C0SECRET"))
    while room.state(delivery_id) == "queued":
        try:
            room.deliver(delivery_id)
        except Again as again:
            room.now.move(seconds=again.seconds)
    assert room.state(delivery_id) == "dead"
    assert room.control.calls(POST) == []


def test_an_answer_for_one_persons_eyes_goes_to_them_without_asking(room: PostRoom) -> None:
    room.deliver(room.say(replace(DIGEST, channel_id="U0HEAD", audience="person")))
    assert room.texts("U0HEAD") == ["CSAT 92 %"]
    assert room.control.calls(LOOK) == []


def test_a_message_slack_would_not_take_is_not_tried_and_says_what_is_wrong(room: PostRoom) -> None:
    delivery_id = room.say(replace(QUESTION, payload={"text": "x", "blocks": [{"type": "nonsense"}, {"type": "odd"}]}))
    room.deliver(delivery_id)
    assert room.control.calls(POST) == []
    nonsense, odd = room.row(delivery_id)["error"].split("; ")
    assert ("nonsense" in nonsense, "odd" in odd) == (True, True)


def test_a_question_for_a_client_may_go_into_the_shared_channel_without_asking(room: PostRoom) -> None:
    room.deliver(room.say(QUESTION))
    assert room.control.calls(LOOK) == []


def test_an_invitation_goes_as_a_letter_once(room: PostRoom, tmp_path: Path) -> None:
    delivery_id = room.say(INVITATION)
    with serving(tmp_path) as server:
        room.mail = gateway(server)
        for _ in range(2):
            room.deliver(delivery_id)
    assert (room.state(delivery_id), server.box.letter()["To"]) == ("sent", "carla@acme.example")
    assert room.control.calls() == []


def test_a_letter_no_server_takes_now_is_tried_again_and_one_for_good_is_told(room: PostRoom, tmp_path: Path) -> None:
    room.mail = Mail(f"smtp://127.0.0.1:{free_port()}", SENDER)
    waiting = room.say(INVITATION)
    assert room.wait(waiting) == pytest.approx(2)
    with serving(tmp_path, box=Box({"RCPT": "550 nobody of that name"})) as server:
        room.mail = gateway(server)
        refused = room.say(replace(INVITATION, dedupe_key="invitation:2:mail"))
        room.deliver(refused)
    assert room.state(refused) == "dead"
    assert room.notices()[0]["channel_id"] == "U0ANNA"


def test_a_letter_nobody_can_send_any_more_is_told(room: PostRoom) -> None:
    """It was queued while there was a mail server; now the settings name none."""
    delivery_id = room.say(INVITATION)
    room.deliver(delivery_id)
    assert (room.state(delivery_id), room.row(delivery_id)["error"]) == ("dead", "no_mail_server")
    assert "no_mail_server" in room.notices()[0]["payload"]["text"]
