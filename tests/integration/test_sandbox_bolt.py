"""Real Bolt on the sandbox, over Socket Mode and signed HTTP: every kind of listener, the same outcome."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig, start
from tests.integration.sandbox_bench import COMMENT, TRANSPORTS, Bench, actions, button, connected, text

CONFIG = SandboxConfig(ack_seconds=0.4, retry_delays_seconds=(0.0, 0.02, 0.02))


@pytest.fixture(scope="module", params=TRANSPORTS)
def running(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, Bench, Control]]:
    with start(CONFIG) as slack, Control(slack.url) as control, connected(Bench(slack), slack, request.param) as bench:
        yield slack, bench, control


@pytest.fixture
def control(running: tuple[Sandbox, Bench, Control]) -> Control:
    running[2].post("reset")
    return running[2]


@pytest.fixture
def bench(running: tuple[Sandbox, Bench, Control], control: Control) -> Bench:
    running[1].heard.queue.clear()
    running[1].retries.queue.clear()
    running[1].release.clear()
    return running[1]


def posted(bench: Bench, *elements: dict[str, Any], channel: str = "C0ACME") -> str:
    answer = bench.app.client.chat_postMessage(channel=channel, text="How was it?", blocks=[actions(*elements)])
    return str(answer["ts"])


def clicked(control: Control, ts: str, user: str = "U0CARLA", action: str = "open", **more: Any) -> dict[str, Any]:
    return control.post("interact", channel="C0ACME", messageTs=ts, user=user, action=action, **more)


def test_a_command_is_answered_in_its_acknowledgement_and_only_its_user_sees_it(control: Control, bench: Bench) -> None:
    outcome = control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="csat last month")
    assert outcome["ack"]["status"] == 200
    assert outcome["ack"]["error"] is None
    assert outcome["ack"]["ms"] < 400
    assert outcome["ephemeral"][0]["text"] == "You asked for csat last month"
    assert control.messages("C0TEAM")[0]["ephemeral_to"] == "U0ANNA"


def test_a_command_carries_the_form_fields_slack_sends(control: Control, bench: Bench) -> None:
    control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="csat")
    body = bench.next()
    assert {"team_id", "team_domain", "response_url", "trigger_id", "api_app_id", "token"} <= set(body)
    assert body["channel_id"] == "C0TEAM"
    assert body["channel_name"] == "account-team"
    assert body["user_name"] == "anna"
    assert body["is_enterprise_install"] == "false"


def test_a_command_can_answer_to_the_whole_channel(control: Control, bench: Bench) -> None:
    outcome = control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="public")
    assert outcome["ephemeral"] == []
    assert [m["text"] for m in control.messages("C0TEAM") if "ephemeral_to" not in m] == ["For all"]


def test_an_acknowledgement_with_blocks_slack_does_not_know_is_an_error_and_shows_nothing(
    control: Control, bench: Bench
) -> None:
    outcome = control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="broken")
    assert outcome["ack"]["error"] == "invalid_blocks"
    assert control.messages("C0TEAM") == []


def test_no_acknowledgement_in_time_is_an_operation_timeout(control: Control, bench: Bench) -> None:
    outcome = control.post("command", channel="C0TEAM", user="U0ANNA", command="/hang")
    bench.release.set()
    assert outcome["ack"]["error"] == "operation_timeout"
    assert outcome["ack"]["status"] is None
    assert outcome["ack"]["ms"] >= 400
    assert control.get("log")["deliveries"][0]["ack"]["error"] == "operation_timeout"


@pytest.mark.parametrize("user", ["U0CARLA", "U0CHRIS"])
def test_external_people_are_refused_slash_commands_and_shortcuts_with_a_sentence(
    control: Control, bench: Bench, user: str
) -> None:
    with pytest.raises(ControlError, match="belongs to another organisation") as refused:
        control.post("command", channel="C0ACME", user=user, command="/kpi", text="csat")
    assert refused.value.status == 403
    with pytest.raises(ControlError, match="belongs to another organisation"):
        control.post("shortcut", callback_id="log", user=user)
    assert bench.heard.empty()


def test_a_clients_click_carries_the_installing_team_and_the_clients_own(control: Control, bench: Bench) -> None:
    ts = posted(bench, button("pick", "4"), button("pick2", "5"))
    assert clicked(control, ts, action="pick")["ack"]["status"] == 200
    body = bench.next()
    assert body["team"] == {"id": "T0HOME00", "domain": "northwind"}
    assert body["user"] == {"id": "U0CARLA", "username": "carla", "name": "carla", "team_id": "T0CLIENT"}
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": "C0ACME", "is_ephemeral": False}
    assert body["message"]["text"] == "How was it?"
    assert body["channel"] == {"id": "C0ACME", "name": "shared-acme"}
    action = body["actions"][0]
    assert (action["type"], action["action_id"], action["block_id"], action["value"]) == ("button", "pick", "row", "4")


def test_a_select_reports_the_chosen_option_in_the_action_and_the_state(control: Control, bench: Bench) -> None:
    options = [{"text": text("Two weeks"), "value": "14"}, {"text": text("A month"), "value": "30"}]
    ts = posted(bench, {"type": "static_select", "action_id": "pick", "options": options})
    clicked(control, ts, action="pick", selected="30")
    body = bench.next()
    assert body["actions"][0]["selected_option"] == options[1]
    assert body["state"]["values"]["row"]["pick"] == {"type": "static_select", "selected_option": options[1]}


def test_a_click_opens_a_modal_and_its_submission_is_in_the_name_of_the_client(control: Control, bench: Bench) -> None:
    opened = clicked(control, posted(bench, button("open")))
    view = opened["view"]
    assert view["callback_id"] == "form"
    bench.next()
    done = control.post("submit", viewId=view["id"], user="U0CARLA", values={"comment": {"said": "All good"}})
    body = bench.next()
    assert done["ack"]["status"] == 200
    assert done["view"] is None
    assert body["team"]["id"] == "T0CLIENT"
    assert body["enterprise"] is None
    assert body["view"]["team_id"] == "T0CLIENT"
    assert body["view"]["app_installed_team_id"] == "T0HOME00"
    assert body["view"]["state"]["values"] == {"comment": {"said": {"type": "plain_text_input", "value": "All good"}}}
    assert body["response_urls"] == []


def test_a_submission_from_an_enterprise_names_the_submitters_enterprise(control: Control, bench: Bench) -> None:
    control.post("world", teams=[{"id": "T0CLIENT", "enterprise_id": "E0ACME"}])
    view = clicked(control, posted(bench, button("open")))["view"]
    bench.next()
    control.post("submit", viewId=view["id"], user="U0CARLA", values={"comment": "Good"})
    body = bench.next()
    assert body["enterprise"] == {"id": "E0ACME", "name": "Acme GmbH"}
    assert body["team"]["enterprise_id"] == "E0ACME"


def test_errors_keep_the_modal_open_and_are_shown_in_it(control: Control, bench: Bench) -> None:
    view = clicked(control, posted(bench, button("open")))["view"]
    answer = control.post("submit", viewId=view["id"], user="U0CARLA", values={"comment": "bad"})
    assert answer["response_action"] == "errors"
    assert answer["errors"] == {"comment": "Say more"}
    assert control.get("views/U0CARLA")[0]["errors"] == {"comment": "Say more"}


def test_errors_for_a_block_that_is_no_input_are_themselves_an_error(control: Control, bench: Bench) -> None:
    view = clicked(control, posted(bench, button("open")))["view"]
    answer = control.post("submit", viewId=view["id"], user="U0CARLA", values={"comment": "wrong block"})
    assert answer["ack"]["error"] == "invalid_response_errors"


@pytest.mark.parametrize(("said", "left"), [("next", 1), ("more", 2), ("all", 0)])
def test_a_submission_can_update_push_or_clear(control: Control, bench: Bench, said: str, left: int) -> None:
    view = clicked(control, posted(bench, button("open")))["view"]
    answer = control.post("submit", viewId=view["id"], user="U0CARLA", values={"comment": said})
    assert answer["ack"]["error"] is None
    assert len(control.get("views/U0CARLA")) == left


def test_closing_a_modal_is_told_to_an_app_that_asked(control: Control, bench: Bench) -> None:
    view = clicked(control, posted(bench, button("open")))["view"]
    bench.next()
    control.post("close", viewId=view["id"], user="U0CARLA")
    assert bench.next()["type"] == "view_closed"
    assert control.get("views/U0CARLA") == []


def test_what_slacks_own_form_would_not_send_is_refused_before_the_app_hears_of_it(
    control: Control, bench: Bench
) -> None:
    view = clicked(control, posted(bench, button("open")))["view"]
    bench.next()
    with pytest.raises(ControlError, match="required"):
        control.post("submit", viewId=view["id"], user="U0CARLA")
    with pytest.raises(ControlError, match="longer than"):
        control.post("submit", viewId=view["id"], user="U0CARLA", values={"comment": "x" * 3_001})
    with pytest.raises(ControlError, match="There is no input"):
        control.post("submit", viewId=view["id"], user="U0CARLA", values={"coment": "x"})
    assert bench.heard.empty()
    control.post("submit", viewId=view["id"], user="U0CARLA", values={"comment": "x" * 3_001}, force=True)
    assert len(bench.next()["view"]["state"]["values"]["comment"]["said"]["value"]) == 3_001


def test_a_global_shortcut_and_one_on_a_message_reach_their_listeners(control: Control, bench: Bench) -> None:
    control.post("shortcut", callback_id="log", user="U0ANNA")
    body = bench.next()
    assert (body["type"], body["callback_id"], body["user"]["id"]) == ("shortcut", "log", "U0ANNA")
    written = control.post("message", channel="C0ACME", user="U0CARLA", text="We loved the workshop")
    bench.next()
    control.post("shortcut", callback_id="log_message", user="U0ANNA", channel="C0ACME", messageTs=written["ts"])
    body = bench.next()
    assert (body["type"], body["message_ts"]) == ("message_action", written["ts"])
    assert body["message"]["text"] == "We loved the workshop"
    assert body["channel"]["id"] == "C0ACME"


def test_a_message_in_a_shared_channel_reaches_the_app_with_its_authorization(control: Control, bench: Bench) -> None:
    outcome = control.post("message", channel="C0ACME", user="U0CARLA", text="Hello")
    assert outcome["ack"]["status"] == 200
    body = bench.next()
    assert body["event_id"] == outcome["event_id"]
    assert body["is_ext_shared_channel"] is True
    assert body["authorizations"][0]["team_id"] == "T0HOME00"
    assert body["event"]["user_team"] == "T0CLIENT"
    assert body["event"]["channel_type"] == "channel"


def test_a_message_where_the_bot_is_not_is_stored_but_not_told(control: Control, bench: Bench) -> None:
    assert control.post("message", channel="C0NOBOT", user="U0ANNA", text="Lunch?")["event_id"] is None
    assert control.messages("C0NOBOT")[0]["text"] == "Lunch?"
    assert bench.heard.empty()


def test_an_event_the_app_fails_on_is_sent_four_times_with_the_reason(control: Control, bench: Bench) -> None:
    outcome = control.post("message", channel="C0TEAM", user="U0ANNA", text="break")
    assert outcome["ack"]["error"] in {"dispatch_failed", "operation_timeout"}
    attempts = [bench.retries.get(timeout=5) for _ in range(4)]
    assert [number for number, _ in attempts] in ([None, ["1"], ["2"], ["3"]], [["0"], ["1"], ["2"], ["3"]])
    assert attempts[3][1] in (["http_error"], ["http_timeout"])


def test_opening_home_publishes_it_and_buttons_there_work(control: Control, bench: Bench) -> None:
    home = control.post("open-home", user="U0HEAD")["view"]
    assert home["type"] == "home"
    assert bench.next()["event"]["tab"] == "home"
    outcome = control.post("interact", viewId=home["id"], user="U0HEAD", action="open")
    body = bench.next()
    assert body["container"] == {"type": "view", "view_id": home["id"]}
    assert outcome["view"]["callback_id"] == "form"
    assert control.get("home/U0HEAD")["id"] == home["id"]


def test_an_external_persons_home_comes_in_the_name_of_their_own_team(control: Control, bench: Bench) -> None:
    control.post("open-home", user="U0CARLA")
    body = bench.next()
    assert body["team_id"] == "T0CLIENT"
    assert body["authorizations"][0]["team_id"] == "T0HOME00"


def test_an_input_in_a_message_travels_in_the_state_of_the_click(control: Control, bench: Bench) -> None:
    sent = bench.app.client.chat_postMessage(channel="C0ACME", text="?", blocks=[COMMENT, actions(button("pick"))])
    clicked(control, str(sent["ts"]), action="pick", values={"comment": "Great"})
    assert bench.next()["state"]["values"]["comment"]["said"]["value"] == "Great"


def test_a_button_that_is_not_there_or_not_theirs_cannot_be_clicked(control: Control, bench: Bench) -> None:
    ts = posted(bench, button("pick", "4", visible_to_user_ids=["U0CHRIS"]))
    with pytest.raises(ControlError, match="does not see"):
        clicked(control, ts, action="pick")
    with pytest.raises(ControlError, match="there is pick"):
        clicked(control, ts, action="pick", value="9")
    with pytest.raises(ControlError, match="is not in"):
        clicked(control, ts, user="U0OTTO", action="pick")


def test_any_event_can_be_sent_and_repeated_under_the_same_id(control: Control, bench: Bench) -> None:
    event = {"type": "message", "channel": "C0TEAM", "user": "U0ANNA", "text": "again", "ts": "1.0"}
    for _ in range(2):
        control.post("event", event=event, over={"event_id": "Ev1"})
    assert [bench.next()["event_id"] for _ in range(2)] == ["Ev1", "Ev1"]
