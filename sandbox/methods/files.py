"""Uploading a file in three steps; only the last one shows it to anybody."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.methods.call import Answer, Args, needed
from sandbox.methods.conversations import destination
from sandbox.slack import Slack
from sandbox.timeline import Message
from sandbox.uploads import File

ALT_TEXT = 1_000


def upload_url(slack: Slack, args: Args) -> Answer:
    """Where the file's bytes go."""
    name, length, alt_text = needed(args, "filename"), str(args.get("length") or ""), str(args.get("alt_txt") or "")
    if not length.isdigit() or int(length) == 0 or len(alt_text) > ALT_TEXT:
        raise SlackError("invalid_arguments", ["[ERROR] length and alt_txt [json-pointer:/]"])
    file = File(f"F0FILE{len(slack.files) + 1:03}", name, int(length), alt_text)
    slack.files[file.id] = file
    return {"upload_url": f"{slack.url}/_upload/{file.id}", "file_id": file.id}


def complete(slack: Slack, args: Args) -> Answer:
    """Share uploaded files in a conversation: a message everybody there sees."""
    given = args.get("files")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    files = [_uploaded(slack, each) for each in given]
    if args.get("channel_id"):
        if str(args["channel_id"]) in slack.world.users:
            raise SlackError("channel_not_found")
        channel = destination(slack, args["channel_id"])
        words, ts = str(args.get("initial_comment") or ""), slack.clock.next()
        slack.timeline.add(Message(channel.id, ts, slack.world.bot.id, text=words, files=files))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _uploaded(slack: Slack, given: Any) -> File:
    file = slack.files.get(str(given.get("id"))) if isinstance(given, dict) else None
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    file.title = str(given.get("title") or file.name)
    return file
