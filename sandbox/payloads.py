"""What Slack sends to an app, field by field, for each kind of delivery."""

import secrets
import time
from typing import Any

from sandbox.blocks import Element
from sandbox.shapes import channel_ref
from sandbox.slack import Slack
from sandbox.timeline import Message
from sandbox.values import KINDS, element_state
from sandbox.views import View
from sandbox.world import Channel, Team, User

VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - the deprecated token every payload still carries


def slash_command(slack: Slack, user: User, channel: Channel, said: tuple[str, str]) -> dict[str, str]:
    """A slash command's form fields; `said` is the command and its text.

    An app installed org-wide hears in which of the enterprise's workspaces it was typed.
    """
    home = slack.world.home
    team = slack.world.teams[user.team_id] if home.org_wide else home
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_ref(channel)["name"],
        "user_id": user.id,
        "user_name": user.name,
        "command": said[0],
        "text": said[1],
        "api_app_id": slack.config.app_id,
        **_grid(home),
        "is_enterprise_install": str(home.org_wide).lower(),
        "response_url": slack.response_url(user.id, channel.id),
        "trigger_id": slack.tickets.new_trigger(user.id),
    }


def message_action(slack: Slack, user: User, message: Message, touched: tuple[str, Element, Any]) -> dict[str, Any]:
    """`block_actions` from a message; `touched` is block_id, element and the value chosen."""
    channel = slack.world.channels[message.channel]
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
        **thread,
    }
    return {
        **_interaction(slack, user, "block_actions"),
        "container": container,
        "trigger_id": slack.tickets.new_trigger(user.id),
        "channel": channel_ref(channel),
        "message": slack.message(message),
        "response_url": slack.response_url(user.id, channel.id, message.ts),
        "actions": [_action(slack, *touched)],
    }


def view_action(slack: Slack, user: User, view: View, touched: tuple[str, Element, Any]) -> dict[str, Any]:
    """`block_actions` from a modal or Home."""
    return {
        **_interaction(slack, user, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": slack.tickets.new_trigger(user.id, view.id),
        "actions": [_action(slack, *touched)],
    }


def view_event(slack: Slack, user: User, view: View, state: dict[str, Any], kind: str) -> dict[str, Any]:
    """`view_submission` or `view_closed`: team and enterprise are the submitter's own.

    An app installed org-wide hears no team of its own people here either.
    """
    extra: dict[str, Any] = {"is_cleared": False}
    if kind == "view_submission":
        extra = {"trigger_id": slack.tickets.new_trigger(user.id, view.id), "response_urls": []}
    own, world = slack.world.teams[user.team_id], slack.world
    teamless = world.home.org_wide and not world.is_external(user)
    whose = {} if teamless else {"team": _team(own), "enterprise": _enterprise(own)}
    return {**_interaction(slack, user, kind), **whose, "view": slack.view(view, state), **extra}


def suggestion(slack: Slack, user: User, view: View, touched: tuple[str, Element, str]) -> dict[str, Any]:
    """`block_suggestion`: somebody looks for an option; `touched` is block_id, element and what was typed."""
    block_id, element, typed = touched
    return {
        **_interaction(slack, user, "block_suggestion"),
        "container": {"type": "view", "view_id": view.id},
        "block_id": block_id,
        "action_id": element["action_id"],
        "value": typed,
    }


def shortcut(slack: Slack, user: User, callback_id: str) -> dict[str, Any]:
    """A global shortcut."""
    return {
        **_interaction(slack, user, "shortcut"),
        "action_ts": slack.clock.next(),
        "callback_id": callback_id,
        "trigger_id": slack.tickets.new_trigger(user.id),
    }


def message_shortcut(slack: Slack, user: User, message: Message, callback_id: str) -> dict[str, Any]:
    """A shortcut on a message."""
    channel = slack.world.channels[message.channel]
    return {
        **shortcut(slack, user, callback_id),
        "type": "message_action",
        "channel": channel_ref(channel),
        "message_ts": message.ts,
        "message": slack.message(message),
        "response_url": slack.response_url(user.id, channel.id),
    }


def message_event(slack: Slack, user: User, message: Message) -> dict[str, Any]:
    """The `message` event of something a person wrote."""
    channel = slack.world.channels[message.channel]
    kind = "im" if channel.is_im else "mpim" if channel.is_mpim else "group" if channel.is_private else "channel"
    organisation = slack.world.organisation(user.team_id)
    foreign = {"user_team": organisation, "source_team": user.team_id} if channel.is_ext_shared else {}
    own = {"channel": channel.id, "event_ts": message.ts, "channel_type": kind, "client_msg_id": secrets.token_hex(16)}
    return {**slack.message(message), **own, **foreign}


def joined_event(slack: Slack, user: User, channel: Channel, inviter: str | None) -> dict[str, Any]:
    """The `member_joined_channel` event; nobody is its inviter when the user came by themselves."""
    who = {"user": user.id, "team": user.team_id, **({"inviter": inviter} if inviter else {})}
    kind = "G" if channel.is_private else "C"
    return {
        "type": "member_joined_channel",
        **who,
        "channel": channel.id,
        "channel_type": kind,
        "event_ts": slack.clock.next(),
    }


def event_callback(slack: Slack, event: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """An event's outer envelope; `over` replaces or adds outer fields.

    An org-wide installation is authorized as its enterprise, without a team.
    """
    home = slack.world.home
    channel = slack.world.channels.get(str(event.get("channel", "")))
    authorization = {
        "enterprise_id": home.enterprise_id,
        "team_id": None if home.org_wide else home.id,
        "user_id": slack.world.bot.id,
        "is_bot": True,
        "is_enterprise_install": home.org_wide,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": home.id,
        **({"enterprise_id": home.enterprise_id} if home.enterprise_id else {}),
        "context_team_id": home.id,
        "context_enterprise_id": home.enterprise_id,
        "api_app_id": slack.config.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": secrets.token_urlsafe(12),
        **over,
    }


def _interaction(slack: Slack, user: User, kind: str) -> dict[str, Any]:
    home = slack.world.home
    return {
        "type": kind,
        "team": None if home.org_wide else _team(home),
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": slack.config.app_id,
        "token": VERIFICATION_TOKEN,
        "enterprise": _enterprise(home),
        "is_enterprise_install": home.org_wide,
    }


def _team(team: Team) -> dict[str, str]:
    return {"id": team.id, "domain": team.domain, **_grid(team)}


def _enterprise(team: Team) -> dict[str, str] | None:
    return {"id": team.enterprise_id, "name": team.name} if team.enterprise_id else None


def _grid(team: Team) -> dict[str, str]:
    return {"enterprise_id": team.enterprise_id, "enterprise_name": team.name} if team.enterprise_id else {}


def _action(slack: Slack, block_id: str, element: Element, chosen: Any) -> dict[str, Any]:
    state = element_state(element, chosen) if element["type"] in KINDS else {}
    shown: dict[str, Any] = {name: element[name] for name in ("text", "value", "style") if name in element}
    place = {"action_id": element["action_id"], "block_id": block_id, "action_ts": slack.clock.next()}
    return {"type": element["type"], **place, **shown, **state}
