"""Users, channels and messages as Slack's JSON describes them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.timeline import Message
from sandbox.world import Channel, User, World

CREATED = 1_700_000_000


def user_json(world: World, user: User, *, include_locale: bool = False) -> dict[str, Any]:
    """A user as `users.info` answers it; external users have no locale and say whether they are strangers."""
    offset = datetime.now(UTC).astimezone(ZoneInfo(user.tz)).utcoffset()
    external = world.is_external(user)
    body = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "email": user.email,
            "team": user.team_id,
        },
        "is_admin": user.is_admin,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "updated": CREATED,
    }
    team = world.teams.get(user.team_id)
    if team and team.enterprise_id:
        enterprise = {"enterprise_id": team.enterprise_id, "enterprise_name": team.name}
        body["enterprise_user"] = {"id": user.id, **enterprise, "teams": [team.id]}
    if external:
        body["is_stranger"] = world.is_stranger(user)
    if include_locale and user.locale and not external:
        body["locale"] = user.locale
    return body


def channel_json(world: World, channel: Channel) -> dict[str, Any]:
    """A conversation as `conversations.info` answers it."""
    home = world.home.id
    common = {
        "id": channel.id,
        "created": CREATED,
        "is_channel": not (channel.is_im or channel.is_mpim or channel.is_private),
        "is_group": channel.is_private,
        "is_im": channel.is_im,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived,
        "is_shared": channel.is_shared or channel.is_ext_shared or channel.is_org_shared,
        "is_org_shared": channel.is_org_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "context_team_id": channel.context_team_id or home,
        "shared_team_ids": list(channel.shared_team_ids or (home,)),
    }
    if channel.is_im:
        return {**common, "user": channel.user}
    return {
        **common,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_general": False,
        "is_member": world.bot.id in channel.members,
        "creator": "U0HEAD",
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def message_json(world: World, message: Message, app_id: str) -> dict[str, Any]:
    """A message as Slack returns it, without fields that are not set."""
    by_bot = message.user == world.bot.id
    author = world.users.get(message.user)
    optional: dict[str, Any] = {
        "bot_id": world.bot_id if by_bot else None,
        "app_id": app_id if by_bot else None,
        "blocks": message.blocks or None,
        "thread_ts": message.thread_ts,
        "metadata": message.metadata,
        "files": [file.json() for file in message.files] or None,
        "edited": {"user": message.user, "ts": message.edited_ts} if message.edited_ts else None,
    }
    return {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": author.team_id if author else world.home.id,
        **{key: value for key, value in optional.items() if value is not None},
    }


def channel_ref(channel: Channel) -> dict[str, str]:
    """The short form interactive payloads and commands carry."""
    if channel.is_im:
        return {"id": channel.id, "name": "directmessage"}
    return {"id": channel.id, "name": "privategroup" if channel.is_private else channel.name}
