"""What a person filled in, as `state.values` of a view or message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.blocks import Block, Element, elements_of
from sandbox.errors import Refusal
from sandbox.rules import options_of

Values = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one element type reports its state: under which field, from which initial field, read how."""

    field: str
    initial: str
    read: Callable[[Element, Any], Any]


def _as_is(_: Element, value: Any) -> Any:
    return value


def _text(_: Element, value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _number(_: Element, value: Any) -> int | None:
    return None if value in (None, "") else int(value)


def _option(element: Element, value: Any) -> Any:
    if value in (None, "") or isinstance(value, Mapping):
        return value or None
    options = options_of(element)
    found = next((option for option in options if option.get("value") == str(value)), None)
    if found is None and options:
        known = ", ".join(str(option.get("value")) for option in options)
        raise Refusal(422, f"“{element['action_id']}” offers no option {value!r}; it offers {known}.")
    return found or {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}


def _options(element: Element, value: Any) -> list[Any]:
    return [_option(element, item) for item in value or []]


_SELECT = Kind("selected_option", "initial_option", _option)
_SELECTS = Kind("selected_options", "initial_options", _options)
_TYPED = Kind("value", "initial_value", _text)

KINDS: Mapping[str, Kind] = {
    "plain_text_input": _TYPED,
    "number_input": _TYPED,
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "rich_text_input": Kind("rich_text_value", "initial_value", _as_is),
    "static_select": _SELECT,
    "external_select": _SELECT,
    "radio_buttons": _SELECT,
    "overflow": Kind("selected_option", "", _option),
    "multi_static_select": _SELECTS,
    "multi_external_select": _SELECTS,
    "checkboxes": _SELECTS,
    "datepicker": Kind("selected_date", "initial_date", _text),
    "timepicker": Kind("selected_time", "initial_time", _text),
    "datetimepicker": Kind("selected_date_time", "initial_date_time", _number),
    "users_select": Kind("selected_user", "initial_user", _text),
    "multi_users_select": Kind("selected_users", "initial_users", _as_is),
    "conversations_select": Kind("selected_conversation", "initial_conversation", _text),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", _as_is),
    "channels_select": Kind("selected_channel", "initial_channel", _text),
    "multi_channels_select": Kind("selected_channels", "initial_channels", _as_is),
}


def element_state(element: Element, given: Any = None) -> dict[str, Any]:
    """One element's state: the given value, else its initial one. Unknown options are refused."""
    kind = KINDS[element["type"]]
    value = element.get(kind.initial) if given is None else given
    return {"type": element["type"], kind.field: kind.read(element, value)}


def state_values(blocks: list[Block], given: Mapping[str, Any]) -> Values:
    """All elements' states. `given` is {block_id: {action_id: value}} or {block_id or action_id: value}."""
    stateful = [(block_id, element) for block_id, element in elements_of(blocks) if element["type"] in KINDS]
    known = {key for block_id, element in stateful for key in (block_id, element["action_id"])}
    if unknown := sorted(set(given) - known):
        there = ", ".join(block_id for block_id, _ in stateful) or "none"
        raise Refusal(404, f"There is no input “{unknown[0]}”; there are {there}.")
    state: Values = {}
    for block_id, element in stateful:
        value = _given(given, block_id, element["action_id"])
        state.setdefault(block_id, {})[element["action_id"]] = element_state(element, value)
    return state


def _given(given: Mapping[str, Any], block_id: str, action_id: str) -> Any:
    value = given.get(block_id, given.get(action_id))
    if block_id in given and isinstance(value, Mapping):
        return value.get(action_id)
    return value


def refuse_unfinished(blocks: list[Block], state: Values) -> None:
    """Refuse what Slack's own window would not let a person send: missing and too long answers."""
    for block in blocks:
        if block.get("type") != "input" or block.get("element", {}).get("type") not in KINDS:
            continue
        element = block["element"]
        kind = KINDS[element["type"]]
        value = state[block["block_id"]][element["action_id"]][kind.field]
        if value in (None, "", []) and not block.get("optional"):
            raise Refusal(422, f"“{block['block_id']}” is required: Slack would not send the form without it.")
        if isinstance(value, str) and len(value) > element.get("max_length", 3_000):
            raise Refusal(422, f"“{block['block_id']}” is longer than the {element.get('max_length', 3_000)} allowed.")
