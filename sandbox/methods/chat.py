"""Posting, changing and deleting messages."""

from sandbox.answers import content
from sandbox.errors import SlackError
from sandbox.methods.call import Answer, Args, needed
from sandbox.methods.conversations import destination, visible
from sandbox.slack import Slack
from sandbox.timeline import Message
from sandbox.world import Channel


def post(slack: Slack, args: Args) -> Answer:
    """A message in a channel, thread or DM."""
    channel = destination(slack, needed(args, "channel", "channel_not_found"))
    made, thread_ts = content(slack, args), _thread(slack, channel, args)
    message = Message(channel.id, slack.clock.next(), slack.world.bot.id, thread_ts=thread_ts, **made)
    slack.timeline.add(message)
    return {"channel": channel.id, "ts": message.ts, "message": slack.message(message)}


def post_ephemeral(slack: Slack, args: Args) -> Answer:
    """A message only one member of the channel sees, until a reload."""
    channel = destination(slack, needed(args, "channel", "channel_not_found"))
    user_id = needed(args, "user", "user_not_found")
    if user_id not in slack.world.users:
        raise SlackError("user_not_found")
    if user_id not in channel.members:
        raise SlackError("user_not_in_channel")
    made, thread_ts = content(slack, args), _thread(slack, channel, args)
    ts, bot = slack.clock.next(), slack.world.bot.id
    slack.timeline.add(Message(channel.id, ts, bot, thread_ts=thread_ts, ephemeral_to=user_id, **made))
    return {"message_ts": ts}


def update(slack: Slack, args: Args) -> Answer:
    """New content for one of the bot's messages. What is not given stays: blocks go only for an empty list."""
    message = _own(slack, args, "cant_update_message")
    kept = {"text": message.text, "blocks": message.blocks, "metadata": message.metadata}
    given = {name: args[name] for name in kept if args.get(name) is not None}
    if not {"text", "blocks"} & set(given):
        raise SlackError("no_text")
    made = content(slack, {**kept, **given})
    message.text, message.blocks, message.metadata = made["text"], made["blocks"], made["metadata"]
    message.edited_ts = slack.clock.next()
    about = {"channel": message.channel, "ts": message.ts, "text": message.text}
    return {**about, "message": slack.message(message)}


def delete(slack: Slack, args: Args) -> Answer:
    """One of the bot's messages is gone."""
    message = _own(slack, args, "cant_delete_message")
    slack.timeline.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(slack: Slack, args: Args) -> Answer:
    """A link to a message."""
    channel = visible(slack, needed(args, "channel", "channel_not_found"))
    message = slack.timeline.find(channel.id, needed(args, "message_ts", "message_not_found"))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    link = f"https://{slack.world.home.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": link + thread}


def _thread(slack: Slack, channel: Channel, args: Args) -> str | None:
    given = args.get("thread_ts")
    if not given:
        return None
    parent = slack.timeline.find(channel.id, str(given))
    if parent is None or parent.ephemeral_to:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def _own(slack: Slack, args: Args, error: str) -> Message:
    channel = visible(slack, needed(args, "channel", "channel_not_found"))
    message = slack.timeline.find(channel.id, needed(args, "ts", "message_not_found"))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    if message.user != slack.world.bot.id:
        raise SlackError(error)
    if channel.is_archived:
        raise SlackError("is_archived")
    return message
