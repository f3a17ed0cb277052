"""Modals and Homes through the real slack_sdk client: triggers, hashes, who may be shown what."""

from dataclasses import replace

from slack_sdk import WebClient

from sandbox.client import Control
from sandbox.server import SandboxConfig, start
from tests.integration.sandbox_bench import COMMENT, actions, button, modal, refused, web_client

CONFIG = SandboxConfig(trigger_seconds=2.0)


def trigger(control: Control, client: WebClient, user: str = "U0CARLA") -> str:
    """A trigger id as a click hands it over; nobody is connected, so only the log knows it."""
    sent = client.chat_postMessage(channel="C0ACME", text="?", blocks=[actions(button("go"))])
    outcome = control.post("interact", channel="C0ACME", messageTs=sent["ts"], user=user, action="go")
    assert outcome["ack"]["error"] == "dispatch_failed"
    return str(control.get("log")["deliveries"][-1]["payload"]["trigger_id"])


def test_a_trigger_opens_one_modal_for_its_user_within_its_time(client: WebClient, control: Control) -> None:
    key = trigger(control, client)
    assert client.views_open(trigger_id=key, view=modal(COMMENT))["view"]["app_installed_team_id"] == "T0HOME00"
    assert control.get("views/U0CARLA")[0]["callback_id"] == "form"
    assert refused(client, "views.open", trigger_id=key, view=modal(COMMENT)) == "exchanged_trigger_id"
    assert refused(client, "views.open", trigger_id="1.2.3", view=modal(COMMENT)) == "invalid_trigger_id"


def test_a_trigger_grows_too_old(control: Control) -> None:
    with start(replace(CONFIG, trigger_seconds=0.0)) as hasty, Control(hasty.url) as its_control:
        client = web_client(hasty)
        key = trigger(its_control, client)
        assert refused(client, "views.open", trigger_id=key, view=modal(COMMENT)) == "expired_trigger_id"


def test_an_external_id_names_one_open_view(client: WebClient, control: Control) -> None:
    named = modal(COMMENT, external_id="mine")
    client.views_open(trigger_id=trigger(control, client), view=named)
    key = trigger(control, client, "U0CHRIS")
    assert refused(client, "views.open", trigger_id=key, view=named) == "duplicate_external_id"
    assert client.views_open(trigger_id=key, view=modal(COMMENT, external_id="another"))["ok"]


def test_a_modal_can_be_updated_by_id_or_name_and_only_with_the_current_hash(
    client: WebClient, control: Control
) -> None:
    opened = client.views_open(trigger_id=trigger(control, client), view=modal(COMMENT, external_id="mine"))["view"]
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(COMMENT, callback_id="two"))
    stale = refused(client, "views.update", view_id=opened["id"], hash=opened["hash"], view=modal(COMMENT))
    assert stale == "hash_conflict"
    assert control.get("views/U0CARLA")[0]["callback_id"] == "two"
    assert refused(client, "views.update", external_id="other", view=modal(COMMENT)) == "not_found"


def test_a_home_is_published_to_people_the_app_can_reach(client: WebClient, control: Control) -> None:
    home = {"type": "home", "blocks": [actions(button("go"))]}
    client.views_publish(user_id="U0HEAD", view=home)
    assert control.get("home/U0HEAD")["type"] == "home"
    assert control.get("home/U0ANNA") is None
    assert refused(client, "views.publish", user_id="U0STRANGE", view=home) == "user_not_found"
    assert refused(client, "views.publish", user_id="U0HEAD", view=modal(COMMENT)) == "invalid_arguments"


def test_three_modals_at_most_lie_on_top_of_each_other(client: WebClient, control: Control) -> None:
    layer = modal(actions(button("more")))
    view = client.views_open(trigger_id=trigger(control, client), view=layer)["view"]
    for _ in range(2):
        view = client.views_push(trigger_id=trigger_in(control, view["id"]), view=layer)["view"]
    assert refused(client, "views.push", trigger_id=trigger_in(control, view["id"]), view=layer) == "push_limit_reached"
    assert [each["id"] for each in control.get("views/U0CARLA")][-1] == view["id"]
    assert len(control.get("views/U0CARLA")) == 3


def trigger_in(control: Control, view_id: str) -> str:
    """A trigger id as a click in a modal hands it over."""
    control.post("interact", viewId=view_id, user="U0CARLA", action="more")
    return str(control.get("log")["deliveries"][-1]["payload"]["trigger_id"])
