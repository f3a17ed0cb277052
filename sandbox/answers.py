"""What the app answers to a command or through a response url, turned into messages."""

from typing import Any

from sandbox.blocks import with_ids
from sandbox.errors import SlackError
from sandbox.slack import Slack
from sandbox.tickets import ResponseUrl
from sandbox.timeline import Message
from sandbox.validation import checked_message


def content(slack: Slack, args: dict[str, Any]) -> dict[str, Any]:
    """Text, blocks and metadata of a message to be, checked; SlackError as Slack would say it."""
    made = checked_message(args)
    if refused := [block["type"] for block in made["blocks"] if block["type"] in slack.refuses]:
        raise SlackError("invalid_blocks", [f"[ERROR] unsupported type: {refused[0]} [json-pointer:/blocks]"])
    return {**made, "blocks": with_ids(made["blocks"])}


def post_answer(slack: Slack, where: ResponseUrl, answer: Any) -> Message | None:
    """Store, replace or delete a message as the answer says; ephemeral unless it says `in_channel`."""
    if not isinstance(answer, dict):
        raise SlackError("invalid_payload")
    original = slack.timeline.find(where.channel, where.source_ts) if where.source_ts else None
    if answer.get("delete_original") and original:
        slack.timeline.remove(original)
        return None
    made = content(slack, answer)
    if answer.get("replace_original") and original:
        original.text, original.blocks = made["text"], made["blocks"]
        original.edited_ts = None if original.ephemeral_to else slack.clock.next()
        return original
    hidden_to = None if answer.get("response_type") == "in_channel" else where.user
    thread_ts = answer.get("thread_ts")
    message = Message(
        where.channel, slack.clock.next(), slack.world.bot.id, thread_ts=thread_ts, ephemeral_to=hidden_to, **made
    )
    return slack.timeline.add(message)
