"""Where a failure becomes words: listeners never raise past here, and the person always gets an answer."""

import functools
import inspect
import secrets
from collections.abc import Callable, Mapping
from threading import Thread
from types import MappingProxyType
from typing import Any, TypeVar

import structlog
from slack_bolt import Args, BoltResponse, Respond

from kpi.errors import KpiError, Misfilled
from kpi.store.store import Unreachable

log = structlog.get_logger(__name__)

Listener = Callable[..., None]
Answer = TypeVar("Answer")


def spoken(listener: Listener) -> Callable[[Args], BoltResponse | None]:
    """Wrap a listener so that whatever goes wrong is said to the person who asked, and the ack stands.

    A KpiError is shown as it is. Anything else is logged with its trace under a reference, and the person gets a plain
    apology with that reference. An event nobody reads an answer to is left to Slack while the database is away: it
    comes again.
    """
    wanted = _parameters(listener)

    def guarded(args: Args) -> BoltResponse | None:
        try:
            listener(**{name: getattr(args, name) for name in wanted})
        except Exception as fault:  # noqa: BLE001 whatever it is, the person is told
            if isinstance(fault, Unreachable) and args.body.get("type") == "event_callback":
                log.warning("event_left_to_slack", event_type=args.body["event"].get("type"))
                return BoltResponse(status=503)
            _say(words_for(fault), args, fault.by_field if isinstance(fault, Misfilled) else {})
        return None

    return guarded


def words_for(fault: BaseException) -> str:
    """What a person is told of a failure: a KpiError's own words; of anything else that it was ours, and where its
    trace is to be found in the log."""
    if isinstance(fault, KpiError):
        if fault.__cause__ is not None:
            log.warning("refused", fault=type(fault).__name__, cause=type(fault.__cause__).__name__)
        return str(fault)
    return f"Sorry, something went wrong on our side. Please try again; reference {_logged('listener_failed', fault)}."


def apologised(act: Callable[[], Answer], apology: Callable[[str], Answer]) -> Answer:
    """What `act` returns. After a fault of ours: the apology with the reference under which the log has its trace."""
    try:
        return act()
    except Exception as fault:  # noqa: BLE001 whatever it is, the person is told
        return apology(_logged("page_failed", fault))


def _logged(event: str, fault: BaseException) -> str:
    reference = secrets.token_hex(4)
    log.error(event, reference=reference, exc_info=fault)
    return reference


def _parameters(listener: Listener) -> tuple[str, ...]:
    given = set(listener.keywords) if isinstance(listener, functools.partial) else set()
    return tuple(name for name in inspect.signature(listener).parameters if name not in given)


def say_privately(text: str, respond: Respond) -> None:
    """Tell the person who pressed something in a message, for their eyes only, without holding up the ack."""
    aside(respond, text=text, response_type="ephemeral", replace_original=False)


def say_to(message: Mapping[str, Any], respond: Respond) -> None:
    """Tell the person who pressed something a whole message, for their eyes only, without holding up the ack."""
    aside(respond, response_type="ephemeral", replace_original=False, **message)


def show_instead(message: Mapping[str, Any], respond: Respond) -> None:
    """Put a message in the place of the one in which something was pressed, without holding up the ack."""
    aside(respond, replace_original=True, **message)


def aside(say: Callable[..., Any], **words: Any) -> None:
    """Say something without holding up the ack; why it could not be said stands in the log."""

    def saying() -> None:
        try:
            say(**words)
        except Exception as failure:  # noqa: BLE001 Slack, the way there, or a url that is none: nobody else would know
            log.warning("words_not_said", reason=repr(failure))

    # A thread of its own: until the listener returns nothing is acked, and these words may take a while.
    Thread(target=saying, daemon=True).start()


def _say(text: str, args: Args, by_field: Mapping[str, str] = MappingProxyType({})) -> None:
    if args.body.get("type") == "view_submission":
        _say_in_view(text, args, by_field)
    elif "command" in args.body:
        args.ack(text=text, response_type="ephemeral")
    else:
        args.ack()
        if args.body.get("response_url"):
            say_privately(text, args.respond)
        elif args.body.get("trigger_id"):  # a global shortcut, or a press in a modal: there is no channel to say it in
            aside(args.client.views_open, trigger_id=args.body["trigger_id"], view=_notice(text))


def _say_in_view(text: str, args: Args, by_field: Mapping[str, str]) -> None:
    """Below the fields in question, so that what was typed stays there; a form without fields is replaced."""
    inputs = _inputs(args.body["view"].get("blocks"))
    if inputs:
        places = {field: why for field, why in by_field.items() if field in inputs}
        args.ack(response_action="errors", errors=places or {inputs[0]: text})
    else:
        args.ack(response_action="update", view=_notice(text))


def _inputs(blocks: Any) -> list[str]:
    shown = [block for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    return [str(block["block_id"]) for block in shown if block.get("type") == "input" and block.get("block_id")]


def _notice(text: str) -> dict[str, Any]:
    section = {"type": "section", "text": {"type": "plain_text", "text": text[:3000]}}
    return {"type": "modal", "title": {"type": "plain_text", "text": "Not done"}, "blocks": [section]}
