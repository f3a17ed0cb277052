"""The local Slack on Enterprise Grid: what it sends when we, the client or both are on it, and org-wide."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig
from tests.integration.sandbox_bench import COMMENT, Bench, actions, button, connected, modal

CONFIG = SandboxConfig(retry_delays_seconds=())
OURS, THEIRS = "E0NORTH", "E0ACME"


@pytest.fixture
def bench(slack: Sandbox, control: Control) -> Iterator[Bench]:
    with connected(Bench(slack), slack, "http") as bench:
        yield bench


def on_grid(control: Control, ours: str | None, theirs: str | None, **more: Any) -> None:
    control.post("world", teams=[{"id": "T0HOME00", "enterprise_id": ours, **more},
                                 {"id": "T0CLIENT", "enterprise_id": theirs}])  # fmt: skip


def clicked(control: Control, bench: Bench, action: str, user: str = "U0CARLA") -> dict[str, Any]:
    sent = bench.app.client.chat_postMessage(channel="C0ACME", text="?", blocks=[actions(button(action))])
    return control.post("interact", channel="C0ACME", messageTs=sent["ts"], user=user, action=action)


MATRIX = [(None, None), (OURS, None), (None, THEIRS), (OURS, THEIRS)]


@pytest.mark.parametrize(("ours", "theirs"), MATRIX)
def test_a_click_names_the_installing_side_and_the_person_their_own_team(
    control: Control, bench: Bench, ours: str | None, theirs: str | None
) -> None:
    on_grid(control, ours, theirs)
    clicked(control, bench, "pick")
    body = bench.next()
    grid = {"enterprise_id": ours, "enterprise_name": "Northwind Agency"} if ours else {}
    assert body["team"] == {"id": "T0HOME00", "domain": "northwind", **grid}
    assert body["enterprise"] == ({"id": ours, "name": "Northwind Agency"} if ours else None)
    assert (body["user"]["team_id"], body["is_enterprise_install"]) == ("T0CLIENT", False)


@pytest.mark.parametrize("shape", MATRIX)
@pytest.mark.parametrize(("user", "side"), [("U0CARLA", 1), ("U0ANNA", 0)])
def test_a_submission_names_the_submitters_side_and_ours_only_in_the_view(
    slack: Sandbox, control: Control, shape: tuple[str | None, str | None], user: str, side: int
) -> None:
    on_grid(control, *shape)
    world = slack.slack.world
    team = world.users[user].team_id
    view = slack.slack.views.open(user, modal(COMMENT))
    control.post("submit", viewId=view.id, user=user, values={"comment": "Good"})
    (sent,) = control.deliveries("view_submission")
    body, enterprise = sent["payload"], shape[side]
    assert (body["team"]["id"], body["team"].get("enterprise_id")) == (team, enterprise)
    assert body["enterprise"] == ({"id": enterprise, "name": world.teams[team].name} if enterprise else None)
    assert (body["view"]["team_id"], body["view"]["app_installed_team_id"]) == (team, "T0HOME00")


@pytest.mark.parametrize(("ours", "theirs"), MATRIX)
def test_an_event_is_authorized_as_ours_and_names_the_writers_organisation(
    control: Control, bench: Bench, ours: str | None, theirs: str | None
) -> None:
    on_grid(control, ours, theirs)
    control.post("message", channel="C0ACME", user="U0CARLA", text="Hello")
    body = bench.next()
    authorization = body["authorizations"][0]
    assert (authorization["enterprise_id"], authorization["team_id"]) == (ours, "T0HOME00")
    assert (body.get("enterprise_id"), body["context_enterprise_id"]) == (ours, ours)
    assert (body["event"]["user_team"], body["event"]["source_team"]) == (theirs or "T0CLIENT", "T0CLIENT")


def test_an_app_installed_org_wide_hears_no_team(slack: Sandbox, control: Control) -> None:
    on_grid(control, OURS, THEIRS, org_wide=True)
    view = slack.slack.views.open("U0ANNA", modal(COMMENT))
    control.post("submit", viewId=view.id, user="U0ANNA", values={"comment": "Good"})
    control.post("event", event={"type": "channel_shared", "channel": "C0ACME"})
    control.post("shortcut", callback_id="log", user="U0ANNA")
    control.post("command", command="/kpi", text="csat", user="U0ANNA", channel="C0TEAM")
    submitted, event, shortcut, command = (sent["payload"] for sent in control.deliveries())
    for body in (submitted, shortcut):
        assert (body["team"], body["enterprise"]["id"], body["is_enterprise_install"]) == (None, OURS, True)
    assert submitted["view"]["app_installed_team_id"] == "T0HOME00"
    assert [event["authorizations"][0][name] for name in ("team_id", "enterprise_id")] == [None, OURS]
    named = [command[name] for name in ("team_id", "enterprise_id", "is_enterprise_install")]
    assert named == ["T0HOME00", OURS, "true"]


def test_a_client_who_submits_a_form_of_an_org_wide_app_names_their_own_team(slack: Sandbox, control: Control) -> None:
    on_grid(control, OURS, None, org_wide=True)
    view = slack.slack.views.open("U0CARLA", modal(COMMENT))
    control.post("submit", viewId=view.id, user="U0CARLA", values={"comment": "Good"})
    body = control.deliveries("view_submission")[0]["payload"]
    assert (body["team"], body["enterprise"]) == ({"id": "T0CLIENT", "domain": "acme"}, None)


def test_people_on_grid_are_described_with_their_enterprise(control: Control, client: WebClient) -> None:
    on_grid(control, OURS, THEIRS)
    for user, enterprise, team in (("U0ANNA", OURS, "T0HOME00"), ("U0CARLA", THEIRS, "T0CLIENT")):
        told = client.users_info(user=user)["user"]
        assert (told["enterprise_user"]["enterprise_id"], told["enterprise_user"]["teams"]) == (enterprise, [team])
    assert "enterprise_user" not in client.users_info(user="U0OTTO")["user"]


def test_a_colleague_of_another_workspace_of_our_enterprise_is_not_external(
    control: Control, client: WebClient
) -> None:
    on_grid(control, OURS, None)
    control.post(
        "world", teams=[{"id": "T0SISTER", "enterprise_id": OURS}], users=[{"id": "U0SUE", "team_id": "T0SISTER"}]
    )
    assert "is_stranger" not in client.users_info(user="U0SUE")["user"]


@pytest.mark.parametrize(("org_wide", "named"), [(False, "T0HOME00"), (True, OURS)])
def test_a_token_says_its_enterprise(control: Control, client: WebClient, org_wide: bool, named: str) -> None:
    on_grid(control, OURS, None, org_wide=org_wide)
    told = client.auth_test()
    assert (told["team_id"], told["enterprise_id"], told["is_enterprise_install"]) == (named, OURS, org_wide)
