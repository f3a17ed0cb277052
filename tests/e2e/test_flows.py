"""The three flows, as people live them, over Socket Mode and over signed HTTP."""

import json

from tests.bots import Program, eventually
from tests.world import World


def test_from_a_logged_meeting_to_the_number(world: World) -> None:
    client = world.client()
    logged = world.log(client)
    assert logged["ack"]["error"] is None
    assert f"Logged for *{client.name}*" in json.dumps(logged["view"])
    question = world.question(client)
    world.told("U0ANNA", f"Logged for *{client.name}*")

    assert world.click(question, 5, client.person)["ack"]["error"] is None
    assert [reply["score"] for reply in world.replies(client)] == [5]

    (thanks,) = world.whispered(client.channel, client.person)
    form = world.press(thanks, "survey_comment", client.person)["view"]
    kept = world.control.post("submit", viewId=form["id"], user=client.person, values={"comment": "Lovely & quick"})
    assert kept["ack"]["error"] is None
    assert world.replies(client)[0]["comment"] == "Lovely & quick"

    assert "no value" in world.kpi(f'csat "{client.name}"')
    for colleague, score in zip(client.people[1:], (4, 5, 3, 1), strict=True):
        world.click(question, score, colleague)
    answer = world.kpi(f'csat "{client.name}"')
    assert answer.startswith(f"*Client satisfaction 60%* for {client.name} in the last 90 days")
    assert "n = 5 answers from 1 account" in answer


def test_kpi_answers_in_the_ack_for_the_askers_eyes_only(world: World) -> None:
    client = world.client()
    before = world.control.messages("C0TEAM")
    answer = world.kpi_ack(f'csat "{client.name}" last 90 days')
    assert answer["body"]["response_type"] == "ephemeral"
    assert "no value" in answer["body"]["text"]
    new = world.control.messages("C0TEAM")[len(before) :]
    assert [message["ephemeral_to"] for message in new] == ["U0ANNA"]
    assert "csat" in world.kpi("list")
    assert "/kpi csat" in world.kpi("help")
    assert "csat" in world.kpi("cast")


def test_a_digest_that_is_due_is_posted_once_and_noted_as_posted(world: World, program: Program) -> None:
    channel = world.team_channel()
    made = program.call("digest", "add", channel, "--told", "U0HEAD")
    assert made.returncode == 0, made.stderr
    world.rows(
        "UPDATE digest_subscription SET next_due_at = now() - interval '1 minute' WHERE channel_id = %s", channel
    )
    runs = (
        "SELECT r.state FROM digest_run r JOIN digest_subscription s USING (workspace_id, subscription_id) "
        "WHERE s.channel_id = %s"
    )
    eventually(lambda: world.rows(runs, channel) == [{"state": "posted"}], "the ledger to say posted")
    (digest,) = world.control.messages(channel)
    assert "Weekly KPI digest" in digest["text"]
    assert "Surveys:" in digest["text"]
