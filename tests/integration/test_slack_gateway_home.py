"""Who we are to Slack, asked once and remembered; what is ours; and a token that Slack takes no more."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.installation import Installation
from bot.outcomes import Rejected
from bot.payloads import installation
from bot.slack import Slack
from bot.slack_call import ASK_AGAIN_SECONDS, ASK_AT_REST_SECONDS, Standing
from bot.web import checks
from kpi.errors import KpiError
from sandbox.client import Control
from sandbox.server import Sandbox
from tests.rude_server import RudeServer, answer

HELLO = {"channel": "C0TEAM", "text": "How was it?"}
TOKEN, POST = "xoxb-sandbox", "chat.postMessage"


@pytest.fixture
def gateway(slack: Sandbox, control: Control) -> Slack:
    """Ours to the local Slack, which is as new."""
    assert control.calls() == []
    return reaching(slack.api_url)


def reaching(api_url: str, token: str = TOKEN) -> Slack:
    return Slack(token, api_url, send_timeout=1, ask_timeout=1)


def test_a_token_taken_back_is_known_after_the_next_call_until_one_succeeds(gateway: Slack, control: Control) -> None:
    gateway.send(POST, HELLO)
    assert gateway.refused() is None
    control.post("revoke", error="account_inactive")
    with pytest.raises(Rejected, match="account_inactive"):
        gateway.send(POST, HELLO)
    assert checks.slack(gateway) == {
        "ok": False, "reason": "Slack refuses SLACK_BOT_TOKEN (account_inactive); see docs/slack-setup.md."
    }  # fmt: skip
    calls = len(control.calls())
    assert gateway.refused() == "account_inactive"
    assert len(control.calls()) == calls
    control.post("revoke", revoked=False)
    gateway.send(POST, HELLO)
    assert checks.slack(gateway)["ok"]


def test_a_good_token_is_tried_once_a_minute_where_nothing_else_is_said() -> None:
    standing = Standing()
    standing.note(None)
    assert not standing.ask_again()
    standing.at -= ASK_AT_REST_SECONDS + 1
    assert [standing.ask_again() for _ in range(3)] == [True, False, False]


def test_a_refused_token_is_tried_again_by_one_caller_after_half_a_minute() -> None:
    standing = Standing()
    standing.note("token_revoked")
    assert not standing.ask_again()
    standing.at -= ASK_AGAIN_SECONDS + 1
    assert [standing.ask_again() for _ in range(3)] == [True, False, False]
    standing.note(None)
    standing.at -= ASK_AGAIN_SECONDS + 1
    assert not standing.ask_again()


@pytest.mark.parametrize(
    "body",
    [
        {"team": {"id": "T0HOME00"}, "user": {"team_id": "T0CLIENT"}},
        {"user": {"team_id": "T0HOME00"}},
        {},
        {"team": {"id": "T0CLIENT"}, "enterprise": {"id": "E0ACME"}, "view": {"app_installed_team_id": "T0HOME00"}},
        {"team": None, "view": {"app_installed_team_id": "T0SISTER", "bot_id": "B0KPIBOT"}},
    ],
)
def test_requests_for_our_installation_are_authorized_whoever_clicked(gateway: Slack, body: dict[str, Any]) -> None:
    granted = gateway.authorize(installation(body))
    assert granted is not None
    assert (granted.team_id, granted.bot_token, granted.bot_user_id) == ("T0HOME00", TOKEN, "U0KPIBOT")


@pytest.mark.parametrize(
    "body",
    [
        {"team": {"id": "T0OTHER0"}, "user": {"team_id": "T0HOME00"}},
        {"user": {"team_id": "T0CLIENT"}},
        {"team": None, "enterprise": {"id": "E0ACME"}, "user": {"team_id": "T0HOME00"}},
        {"team": {"id": "T0HOME00"}, "view": {"app_installed_team_id": "T0OTHER0", "bot_id": "B0OTHER"}},
    ],
)
def test_requests_for_another_installation_are_not(gateway: Slack, body: dict[str, Any]) -> None:
    assert gateway.authorize(installation(body)) is None


GRID = [{"id": "T0HOME00", "enterprise_id": "E0NORTH"}, {"id": "T0SISTER", "enterprise_id": "E0NORTH"}]
SUE = {"id": "U0SUE", "team_id": "T0SISTER", "real_name": "Sue Sister"}


def test_whoever_belongs_to_our_enterprise_belongs_to_our_organisation(gateway: Slack, control: Control) -> None:
    control.post("world", teams=[*GRID, {"id": "T0CLIENT", "enterprise_id": "E0ACME"}], users=[SUE])
    found = {user_id: gateway.person(user_id) for user_id in ("U0SUE", "U0ANNA", "U0CARLA", "U0OTTO")}
    assert {user_id: person and person.team_id for user_id, person in found.items()} == {
        "U0SUE": "T0HOME00", "U0ANNA": "T0HOME00", "U0CARLA": "T0CLIENT", "U0OTTO": "T0OTHER0"
    }  # fmt: skip
    assert gateway.is_on_grid()


def test_installed_for_a_whole_enterprise_the_enterprise_is_home(gateway: Slack, control: Control) -> None:
    control.post("world", teams=[{**GRID[0], "org_wide": True}, GRID[1]], users=[SUE])
    assert gateway.home_team() == "E0NORTH"
    ours: list[dict[str, Any]] = [
        {"team": None, "enterprise": {"id": "E0NORTH"}, "user": {"team_id": "T0CLIENT"}},
        {"team_id": "T0SISTER", "enterprise_id": "E0NORTH"},
        {"team_id": "T0CLIENT", "authorizations": [{"team_id": None, "enterprise_id": "E0NORTH"}]},
    ]
    for body in ours:
        assert gateway.authorize(installation(body)) is not None
    assert gateway.authorize(installation({"team": None, "enterprise": {"id": "E0ACME"}})) is None
    told = gateway.person("U0SUE")
    assert told is not None
    assert told.team_id == "E0NORTH"


def test_slack_is_asked_who_we_are_once_however_many_requests_come_at_once(gateway: Slack, control: Control) -> None:
    with ThreadPoolExecutor(16) as people:
        granted = list(people.map(lambda _: gateway.authorize(Installation("T0HOME00")), range(200)))
    assert all(granted)
    assert len(control.calls("auth.test")) == 1


def test_a_slack_that_was_away_is_asked_again_who_we_are(gateway: Slack, control: Control) -> None:
    control.post("faults", method="auth.test", kind="http_500")
    with pytest.raises(KpiError, match="cannot be reached"):
        gateway.home()
    assert gateway.home_team() == "T0HOME00"


def test_a_refused_token_is_named_with_where_to_get_a_new_one(slack: Sandbox, control: Control) -> None:
    with pytest.raises(KpiError, match=r"SLACK_BOT_TOKEN \(invalid_auth\).*slack-setup"):
        reaching(slack.api_url, "xoxb-revoked").home()


@pytest.mark.parametrize("body", [b'{"ok": true}', b'{"ok": true, "team_id": 7, "user_id": "U"}', b"[1]"])
def test_an_absurd_auth_test_is_slack_not_being_reached(body: bytes) -> None:
    with RudeServer(answer(body)) as server, pytest.raises(KpiError, match="cannot be reached"):
        reaching(server.api_url).home()
