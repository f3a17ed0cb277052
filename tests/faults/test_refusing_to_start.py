"""What stands in the way of a start is one sentence, and exit status 1."""

import socket

from tests.bots import Program
from tests.world import World


def refusal(program: Program, *options: str) -> str:
    """What `kpibot run` says when it does not start."""
    ended = program.call("run", *options)
    assert ended.returncode == 1, ended
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    (sentence,) = ended.stderr.strip().splitlines()
    return sentence


def test_a_stale_schema_that_may_not_be_migrated(empty_world: World) -> None:
    sentence = refusal(empty_world.program("socket"), "--no-migrate")
    assert sentence.startswith("The database's tables are at version none, this kpibot needs ")
    assert sentence.endswith(": run `kpibot migrate`.")


def test_missing_tokens(world: World) -> None:
    sentence = refusal(world.program("socket", SLACK_BOT_TOKEN="", SLACK_APP_TOKEN=""))
    ways = "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
    assert sentence == f"Slack cannot be reached without SLACK_BOT_TOKEN and {ways}; see docs/slack-setup.md"


def test_a_token_slack_does_not_take(world: World) -> None:
    sentence = refusal(world.program("socket", SLACK_BOT_TOKEN="xoxb-revoked"))
    assert "SLACK_BOT_TOKEN" in sentence
    assert "revoked" not in sentence


def test_a_token_of_another_organisation_than_the_databases(world: World) -> None:
    world.rows("UPDATE workspace SET slack_team_id = 'T0ELSE' RETURNING 1")
    try:
        assert "the Slack organisation T0ELSE" in refusal(world.program("socket"))
    finally:
        world.rows("UPDATE workspace SET slack_team_id = NULL RETURNING 1")


def test_a_port_that_is_taken(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        sentence = refusal(world.program("socket", KPIBOT_PORT=port))
    assert port in sentence
    assert "KPIBOT_PORT" in sentence


def test_a_database_that_does_not_answer(world: World) -> None:
    nowhere = "postgresql://nobody:secret@127.0.0.1:1/nothing"
    sentence = refusal(world.program("socket", DATABASE_URL=nowhere))
    assert "database" in sentence.lower()
    assert "secret" not in sentence


def test_the_sockets_role_alone_without_its_token(world: World) -> None:
    sentence = refusal(world.program("http"), "--only", "socket,worker")
    assert sentence.startswith("The role socket needs SLACK_APP_TOKEN")


def test_a_command_beside_the_bot_does_not_change_a_database_of_the_operators_own(empty_world: World) -> None:
    ended = empty_world.program("socket").call("kpi", "csat")
    assert ended.returncode == 1
    assert "run `kpibot migrate`" in ended.stderr
    assert empty_world.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'survey'") == []
