"""The Slack app's manifest, from one list of what the code uses; a test holds the code against it."""

from collections.abc import Mapping
from typing import Any

COMMANDS = (
    (
        "/kpi",
        "Ask for a KPI, log an interaction, set up an account",
        "csat | trend nps acme 12m | log | account | help",
    ),
)
SHORTCUTS = (
    ("global", "log_interaction", "Log interaction", "Log a meeting, call or delivery with a client"),
    ("message", "log_interaction_here", "Log interaction", "Log this conversation as an interaction with the client"),
)
EVENTS = ("channel_shared", "channel_unshared", "member_joined_channel", "message.channels", "message.groups")
EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
}
"""What hearing of messages needs; only their time and place are kept."""
METHOD_SCOPES: Mapping[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "conversations.info": ("channels:read", "groups:read", "im:read"),
    "conversations.open": ("im:write",),
    "conversations.members": ("channels:read", "groups:read"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
}
"""Every Web API method the bot calls, and the scopes it needs."""


def scopes() -> tuple[str, ...]:
    """The bot scopes to ask for, least first needed."""
    groups = (*METHOD_SCOPES.values(), *EVENT_SCOPES.values())
    needed = {scope for group in groups for scope in group}
    return tuple(sorted({"commands", *needed}))


def manifest(public_url: str | None = None) -> dict[str, Any]:
    """The manifest for Slack: over Socket Mode, or over HTTP when the bot has a public address."""
    request = {"request_url": f"{public_url.rstrip('/')}/slack/events"} if public_url else {}
    menus = {"message_menu_options_url": request["request_url"]} if request else {}
    url = {"url": request["request_url"]} if request else {}
    return {
        "display_information": {
            "name": "kpibot",
            "description": "Asks clients one question after an interaction and answers account-management KPIs.",
        },
        "features": {
            "bot_user": {"display_name": "kpibot", "always_online": True},
            "slash_commands": [
                {"command": command, "description": what, "usage_hint": hint, "should_escape": False, **url}
                for command, what, hint in COMMANDS
            ],
            "shortcuts": [
                {"type": kind, "callback_id": callback, "name": name, "description": what}
                for kind, callback, name, what in SHORTCUTS
            ],
        },
        "oauth_config": {"scopes": {"bot": list(scopes())}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request, **menus},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not request,
            "token_rotation_enabled": False,
        },
    }
