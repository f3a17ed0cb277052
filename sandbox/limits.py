"""Slack's limits on text, blocks, elements and the pace of posting, in one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

MESSAGE, MODAL, HOME = "message", "modal", "home"
ALL = frozenset({MESSAGE, MODAL, HOME})
MESSAGES = frozenset({MESSAGE})
STANDING = frozenset({MESSAGE, HOME})

BLOCKS_PER_SURFACE = MappingProxyType({MESSAGE: 50, MODAL: 100, HOME: 100})
MESSAGE_TEXT = 40_000
ATTACHMENTS = 100
TOTAL_BLOCK_TEXT = 13_200
MARKDOWN_TOTAL = 12_000
BLOCK_ID = 255
TEXT = 3_000
VIEW_TITLE = VIEW_BUTTON = 24
VIEW_TEXTS = MappingProxyType({"title": VIEW_TITLE, "submit": VIEW_BUTTON, "close": VIEW_BUTTON})
VIEW_STRINGS = MappingProxyType({"private_metadata": 3_000, "callback_id": 255, "external_id": 255})
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
    """What one type may hold, by field.

    Most characters of text objects (`plain`: not in mrkdwn), of bare `strings`, of each text in a list (`item_texts`);
    bounds of `numbers` and of lists' lengths (`counts`); the `words` it may be; the rules of `parts` and of each of
    `items`; the types of elements (`inside`) or blocks (`holds`) that may stand there. `either`: exactly one of these.
    """

    required: tuple[str, ...] = ()
    plain: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, int] = field(default_factory=dict)
    strings: Mapping[str, int] = field(default_factory=dict)
    item_texts: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, "Rule"] = field(default_factory=dict)
    items: Mapping[str, "Rule"] = field(default_factory=dict)
    inside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    holds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    either: tuple[str, ...] = ()
    surfaces: frozenset[str] = ALL
    interactive: bool = False


CONFIRM = Rule(
    ("title", "text", "confirm", "deny"),
    plain={"title": 100, "confirm": 30, "deny": 30},
    texts={"text": 300},
    words={"style": ("primary", "danger")},
)
OPTION = Rule(("text", "value"), plain={"text": 75, "description": 75}, strings={"value": 150, "url": 3_000})
CHOICE = Rule(("text", "value"), texts={"text": 75, "description": 75}, strings={"value": 150})
_GROUP = Rule(("label", "options"), plain={"label": 75}, counts={"options": (1, 100)}, items={"options": OPTION})
_FEEDBACK = Rule(("text", "value"), plain={"text": 75}, strings={"value": 2_000, "accessibility_label": 75})

_TOUCHED = Rule(strings={"action_id": 255}, parts={"confirm": CONFIRM}, interactive=True)
_SELECT = replace(_TOUCHED, plain={"placeholder": 150})
_OFFERS = replace(
    _SELECT,
    counts={"options": (1, 100), "option_groups": (1, 100)},
    items={"options": OPTION, "option_groups": _GROUP},
    either=("options", "option_groups"),
)
_CHOICE = replace(_TOUCHED, required=("options",), counts={"options": (1, 10)}, items={"options": CHOICE})
_MENUS = tuple(f"{whose}_select" for whose in ("static", "external", "users", "conversations", "channels"))

ELEMENTS: Mapping[str, Rule] = MappingProxyType(
    {
        "button": replace(
            _TOUCHED,
            required=("text",),
            plain={"text": 75},
            strings={
                "value": 2_000,
                "action_id": 255,
                "url": 3_000,
                "accessibility_label": 75,
                "agent_prompt": 4_000,
            },
            words={"style": ("primary", "danger")},
        ),
        "icon_button": replace(
            _TOUCHED,
            required=("icon", "text"),
            plain={"text": TEXT},
            strings={"value": 2_000, "action_id": 255, "accessibility_label": 75},
            counts={"visible_to_user_ids": (1, 10)},
        ),
        "feedback_buttons": replace(
            _TOUCHED,
            required=("positive_button", "negative_button"),
            parts={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        ),
        **{name: _OFFERS if "static" in name else _SELECT for menu in _MENUS for name in (menu, f"multi_{menu}")},
        "radio_buttons": _CHOICE,
        "checkboxes": _CHOICE,
        "overflow": replace(_TOUCHED, required=("options",), counts={"options": (1, 5)}, items={"options": OPTION}),
        "plain_text_input": replace(
            _SELECT,
            strings={"action_id": 255, "initial_value": 3_000},
            numbers={"max_length": (1, 3_000), "min_length": (0, 3_000)},
        ),
        "rich_text_input": replace(_SELECT, numbers={"min_lines": (1, 100), "max_lines": (1, 100)}),
        "number_input": replace(_SELECT, required=("is_decimal_allowed",)),
        "email_text_input": _SELECT,
        "url_text_input": _SELECT,
        "datepicker": _SELECT,
        "timepicker": _SELECT,
        "datetimepicker": _TOUCHED,
        "file_input": Rule(strings={"action_id": 255}, numbers={"max_files": (1, 10)}),
        "workflow_button": Rule(
            ("text", "workflow"),
            plain={"text": 75},
            strings={"action_id": 255, "accessibility_label": 75},
            words={"style": ("primary", "danger")},
        ),
        "image": Rule(
            ("alt_text",), strings={"image_url": 3_000, "alt_text": 2_000}, either=("image_url", "slack_file")
        ),
        "plain_text": Rule(("text",), strings={"text": TEXT}),
        "mrkdwn": Rule(("text",), strings={"text": TEXT}),
    }
)

_SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
_PICKED = _SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
_PRESSED = frozenset({"button", "workflow_button", "overflow"})
_TYPED = frozenset(name for name in ELEMENTS if name.endswith("_input"))
_TEXTS = frozenset({"plain_text", "mrkdwn"})
_CONTAINED = frozenset(
    {"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}
)


def _only(*types: str) -> frozenset[str]:
    return frozenset(types)


BLOCKS: Mapping[str, Rule] = MappingProxyType(
    {
        "section": Rule(
            texts={"text": TEXT},
            counts={"fields": (1, 10)},
            item_texts={"fields": 2_000},
            inside={"accessory": _PRESSED | _PICKED | {"image"}},
        ),
        "actions": Rule(("elements",), counts={"elements": (1, 25)}, inside={"elements": _PRESSED | _PICKED}),
        "context": Rule(("elements",), counts={"elements": (1, 10)}, inside={"elements": _TEXTS | {"image"}}),
        "context_actions": Rule(
            ("elements",),
            counts={"elements": (1, 5)},
            inside={"elements": _only("feedback_buttons", "icon_button")},
            surfaces=MESSAGES,
        ),
        "header": Rule(("text",), plain={"text": 150}, numbers={"level": (1, 4)}),
        "divider": Rule(),
        "image": Rule(
            ("alt_text",),
            plain={"title": 2_000},
            strings={"image_url": 3_000, "alt_text": 2_000},
            either=("image_url", "slack_file"),
        ),
        "input": Rule(
            ("label", "element"), plain={"label": 2_000, "hint": 2_000}, inside={"element": _PICKED | _TYPED}
        ),
        "markdown": Rule(("text",), strings={"text": 12_000}, surfaces=MESSAGES),
        "rich_text": Rule(("elements",)),
        "table": Rule(("rows",), counts={"rows": (1, 100)}, surfaces=STANDING),
        "data_table": Rule(
            ("rows", "caption"), counts={"rows": (2, 201)}, numbers={"page_size": (1, 100)}, surfaces=STANDING
        ),
        "data_visualization": Rule(("title", "chart"), strings={"title": 50}, surfaces=MESSAGES),
        "layout": Rule(
            ("label", "rows"),
            strings={"label": 150},
            counts={"rows": (1, 5)},
            words={"grid_lines": ("none", "rows", "outer")},
        ),
        "container": Rule(
            ("child_blocks",),
            texts={"title": 150, "subtitle": 150},
            counts={"child_blocks": (1, 10)},
            words={"width": ("narrow", "standard", "wide", "full")},
            holds={"child_blocks": _CONTAINED},
            surfaces=STANDING,
        ),
        "card": Rule(
            texts={"title": 150, "subtitle": 150, "body": 200, "subtext": 200},
            counts={"actions": (1, 3)},
            inside={"actions": _only("button"), "icon": _only("image"), "hero_image": _only("image")},
        ),
        "carousel": Rule(
            ("elements",), counts={"elements": (1, 10)}, holds={"elements": _only("card")}, surfaces=STANDING
        ),
        "alert": Rule(
            ("text",),
            texts={"text": 200},
            words={"level": ("default", "info", "warning", "error", "success")},
            surfaces=frozenset({MODAL}),
        ),
        "plan": Rule(("title",), strings={"title": TEXT}, holds={"tasks": _only("task_card")}, surfaces=MESSAGES),
        "task_card": Rule(
            ("task_id", "title", "status"),
            strings={"task_id": TEXT, "title": TEXT},
            words={"status": ("pending", "in_progress", "complete", "error")},
            holds={"details": _only("rich_text"), "output": _only("rich_text")},
            surfaces=MESSAGES,
        ),
        "file": Rule(("external_id", "source"), strings={"external_id": 255}, surfaces=MESSAGES),
        "video": Rule(
            ("title", "video_url", "thumbnail_url", "alt_text"),
            plain={"title": 200, "description": 200},
            strings={"author_name": 50},
        ),
    }
)


def _shape(kinds: type | tuple[type, ...], names: str) -> Iterable[tuple[str, type | tuple[type, ...]]]:
    return ((name, kinds) for name in names.split())


SHAPES: Mapping[str, type | tuple[type, ...]] = MappingProxyType(
    dict(
        (
            *_shape(str, "block_id action_id url initial_date initial_time initial_user"),
            *_shape(list, "elements fields options option_groups child_blocks rows actions tasks"),
            *_shape(list, "visible_to_user_ids initial_options initial_users"),
            *_shape(dict, "accessory element confirm initial_option positive_button negative_button"),
            *_shape(int, "max_length min_length initial_date_time page_size"),
            *_shape((str, dict), "text label title placeholder hint caption alt_text initial_value description"),
        )
    )
)
