"""Channels and direct messages as the bot may see them."""

from sandbox.errors import SlackError
from sandbox.methods.call import Answer, Args, flag, needed, page
from sandbox.methods.scopes import OPENS, READS, kind_of, require
from sandbox.shapes import channel_json
from sandbox.slack import Slack
from sandbox.world import Channel, User, World


def visible(slack: Slack, channel_id: object) -> Channel:
    """The channel, if the bot may know of it; private ones only as a member."""
    channel = slack.world.channels.get(str(channel_id))
    hidden = channel is None or ((channel.is_private or channel.is_im) and slack.world.bot.id not in channel.members)
    if channel is None or hidden:
        raise SlackError("channel_not_found")
    return channel


def _read(slack: Slack, args: Args) -> Channel:
    channel = visible(slack, needed(args, "channel", "channel_not_found"))
    require(slack, [READS[kind_of(channel)]])
    return channel


def info(slack: Slack, args: Args) -> Answer:
    """One conversation."""
    body = channel_json(slack.world, _read(slack, args))
    if not flag(args, "include_num_members"):
        body.pop("num_members", None)
    if flag(args, "include_locale"):
        body["locale"] = "en-US"
    return {"channel": body}


def members(slack: Slack, args: Args) -> Answer:
    """User ids in a conversation, external ones included."""
    channel = _read(slack, args)
    ids, metadata = page(channel.members, args, default=100)
    return {"members": ids, "response_metadata": metadata}


def listing(slack: Slack, args: Args) -> Answer:
    """The team's conversations of the wanted types; private ones only where the bot is."""
    bot = slack.world.bot.id
    seen = [c for c in _of_types(slack, args) if bot in c.members or kind_of(c) == "public_channel"]
    return _page_of(slack.world, seen, args)


def mine(slack: Slack, args: Args) -> Answer:
    """Conversations a user, by default the bot, is in."""
    user = str(args.get("user") or slack.world.bot.id)
    if user not in slack.world.users:
        raise SlackError("user_not_found")
    both = {user, slack.world.bot.id}
    seen = [c for c in _of_types(slack, args) if user in c.members and (both & {*c.members}) == both]
    return _page_of(slack.world, seen, args)


def open_direct(slack: Slack, args: Args) -> Answer:
    """The DM with one user or a group, opened when new."""
    if args.get("channel"):
        channel, was_open = visible(slack, args["channel"]), True
        require(slack, [OPENS[kind] for kind in {kind_of(channel)} & set(OPENS)])
    else:
        given = args.get("users") or ""
        ids = given if isinstance(given, list) else [part.strip() for part in str(given).split(",") if part.strip()]
        if not ids:
            raise SlackError("users_list_not_supplied")
        require(slack, [OPENS["im" if len(ids) == 1 else "mpim"]])
        for user_id in ids:
            _addressable(slack.world, user_id)
        channel, was_open = slack.world.direct_message(ids)
    body = channel_json(slack.world, channel) if flag(args, "return_im") else {"id": channel.id}
    return {"channel": body, **({"no_op": True, "already_open": True} if was_open else {})}


def _addressable(world: World, user_id: str) -> User:
    user = world.users.get(user_id)
    if user is None or world.is_stranger(user):
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    return user


def _of_types(slack: Slack, args: Args) -> list[Channel]:
    wanted = {part.strip() for part in str(args.get("types") or "public_channel").split(",")}
    if wanted - set(READS):
        raise SlackError("invalid_types")
    require(slack, [READS[kind] for kind in wanted])
    skip = flag(args, "exclude_archived")
    return [c for c in slack.world.channels.values() if kind_of(c) in wanted and not (skip and c.is_archived)]


def _page_of(world: World, channels: list[Channel], args: Args) -> Answer:
    shown, metadata = page([channel_json(world, channel) for channel in channels], args, default=100)
    return {"channels": shown, "response_metadata": metadata}


def destination(slack: Slack, channel_id: object) -> Channel:
    """Where the bot may post: a channel it is in, or its DM with a user given by id."""
    world = slack.world
    if str(channel_id) in world.users:
        return world.direct_message([_addressable(world, str(channel_id)).id])[0]
    channel = visible(slack, channel_id)
    if channel.is_archived:
        raise SlackError("is_archived")
    if world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_im and world.users[channel.user or ""].deleted:
        raise SlackError("user_disabled")
    return channel
