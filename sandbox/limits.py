"""Slack's limits on text, blocks, elements and the pace of posting, in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MESSAGE, MODAL, HOME = "message", "modal", "home"
ALL = frozenset({MESSAGE, MODAL, HOME})
MESSAGES = frozenset({MESSAGE})
STANDING = frozenset({MESSAGE, HOME})

BLOCKS_PER_SURFACE = MappingProxyType({MESSAGE: 50, MODAL: 100, HOME: 100})
MESSAGE_TEXT = 40_000
TOTAL_BLOCK_TEXT = 13_200
MARKDOWN_TOTAL = 12_000
BLOCK_ID = 255
VIEW_TITLE = VIEW_BUTTON = 24
VIEW_TEXTS = MappingProxyType({"title": VIEW_TITLE, "submit": VIEW_BUTTON, "close": VIEW_BUTTON})
PRIVATE_METADATA = 3_000
CALLBACK_ID = 255
MODAL_STACK = 3
PER_MESSAGE = MappingProxyType({"data_visualization": 2, "table": 1})
SOCKET_CONNECTIONS = 10
RESPONSE_URL_USES = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a second in the long run, so many at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an app may speak: in one channel, in the workspace, and to single people's eyes (tier 4)."""

    channel: Rate = Rate(1, 3)
    workspace: Rate = Rate(8, 8)
    ephemeral: Rate = Rate(100 / 60, 100)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one type may hold: texts as field → most characters, lists as field → (fewest, most) items."""

    required: tuple[str, ...] = ()
    texts: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    item_texts: Mapping[str, int] = field(default_factory=dict)
    at_most: Mapping[str, int] = field(default_factory=dict)
    surfaces: frozenset[str] = ALL
    interactive: bool = False


_CONFIRM = Rule(texts={"title": 100, "text": 300, "confirm": 30, "deny": 30})
_OPTIONS = {"options": (1, 100), "option_groups": (1, 100)}

BLOCKS: Mapping[str, Rule] = MappingProxyType(
    {
        "section": Rule(texts={"text": 3_000}, counts={"fields": (1, 10)}, item_texts={"fields": 2_000}),
        "actions": Rule(("elements",), counts={"elements": (1, 25)}),
        "context": Rule(("elements",), counts={"elements": (1, 10)}),
        "context_actions": Rule(("elements",), counts={"elements": (1, 5)}, surfaces=MESSAGES),
        "header": Rule(("text",), texts={"text": 150}),
        "divider": Rule(),
        "image": Rule(("alt_text",), texts={"image_url": 3_000, "alt_text": 2_000, "title": 2_000}),
        "input": Rule(("label", "element"), texts={"label": 2_000, "hint": 2_000}),
        "markdown": Rule(("text",), texts={"text": 12_000}, surfaces=MESSAGES),
        "rich_text": Rule(("elements",)),
        "table": Rule(("rows",), counts={"rows": (1, 100)}, surfaces=STANDING),
        "data_table": Rule(
            ("rows", "caption"),
            counts={"rows": (2, 201)},
            at_most={"page_size": 100},
            surfaces=STANDING,
        ),
        "data_visualization": Rule(("title", "chart"), texts={"title": 50}, surfaces=MESSAGES),
        "layout": Rule(("label", "rows"), texts={"label": 150}, counts={"rows": (1, 5)}),
        "container": Rule(texts={"title": 150, "subtitle": 150}, counts={"child_blocks": (1, 10)}, surfaces=STANDING),
        "card": Rule(texts={"title": 150, "subtitle": 150, "body": 200, "subtext": 200}, counts={"actions": (1, 3)}),
        "carousel": Rule(("elements",), counts={"elements": (1, 10)}, surfaces=STANDING),
        "alert": Rule(("text",), texts={"text": 200}, surfaces=frozenset({MODAL})),
        "file": Rule(surfaces=MESSAGES),
        "video": Rule(("title", "video_url")),
    }
)

SHAPES: Mapping[str, type | tuple[type, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("block_id", "action_id", "url", "initial_date", "initial_time", "initial_user"), str),
        **dict.fromkeys(("elements", "fields", "options", "option_groups", "child_blocks", "rows"), list),
        **dict.fromkeys(("visible_to_user_ids", "initial_options", "initial_users"), list),
        **dict.fromkeys(("accessory", "element", "confirm", "initial_option"), dict),
        **dict.fromkeys(("max_length", "min_length", "initial_date_time", "page_size"), int),
        **dict.fromkeys(("text", "label", "title", "placeholder", "hint", "caption", "alt_text"), (str, dict)),
        **dict.fromkeys(("initial_value", "description"), (str, dict)),
    }
)

CONTAINER_CHILDREN = frozenset(
    {"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}
)

_SELECT = Rule(texts={"placeholder": 150, "action_id": 255}, interactive=True)
_CHOICE = Rule(("options",), texts={"action_id": 255}, counts={"options": (1, 10)}, interactive=True)

ELEMENTS: Mapping[str, Rule] = MappingProxyType(
    {
        "button": Rule(
            ("text",),
            texts={"text": 75, "value": 2_000, "action_id": 255, "url": 3_000, "accessibility_label": 75},
            interactive=True,
        ),
        "icon_button": Rule(("text",), texts={"value": 2_000, "action_id": 255}, interactive=True),
        "feedback_buttons": Rule(texts={"action_id": 255}, interactive=True),
        "static_select": Rule(texts={"placeholder": 150, "action_id": 255}, counts=_OPTIONS, interactive=True),
        "multi_static_select": Rule(texts={"placeholder": 150, "action_id": 255}, counts=_OPTIONS, interactive=True),
        "radio_buttons": _CHOICE,
        "checkboxes": _CHOICE,
        "overflow": Rule(("options",), texts={"action_id": 255}, counts={"options": (1, 5)}, interactive=True),
        "plain_text_input": Rule(
            texts={"placeholder": 150, "action_id": 255, "initial_value": 3_000},
            at_most={"max_length": 3_000, "min_length": 3_000},
            interactive=True,
        ),
        "rich_text_input": _SELECT,
        "number_input": Rule(("is_decimal_allowed",), texts={"placeholder": 150, "action_id": 255}, interactive=True),
        "email_text_input": _SELECT,
        "url_text_input": _SELECT,
        "datepicker": _SELECT,
        "timepicker": _SELECT,
        "datetimepicker": Rule(texts={"action_id": 255}, interactive=True),
        "external_select": _SELECT,
        "multi_external_select": _SELECT,
        "users_select": _SELECT,
        "multi_users_select": _SELECT,
        "conversations_select": _SELECT,
        "multi_conversations_select": _SELECT,
        "channels_select": _SELECT,
        "multi_channels_select": _SELECT,
        "file_input": Rule(texts={"action_id": 255}),
        "workflow_button": Rule(("text",), texts={"text": 75}),
        "image": Rule(("alt_text",), texts={"image_url": 3_000, "alt_text": 2_000}),
        "plain_text": Rule(("text",), texts={"text": 3_000}),
        "mrkdwn": Rule(("text",), texts={"text": 3_000}),
    }
)

OPTION = Rule(("text", "value"), texts={"text": 75, "value": 150, "description": 75})
CONFIRM = _CONFIRM
