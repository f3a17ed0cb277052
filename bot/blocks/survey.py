"""What a client sees in Slack: the question with its scale, the reminder, the thanks, the form for a comment."""

import re
from typing import Any

from bot.blocks.menus import option
from bot.blocks.parts import BUTTON_CHARS, Block, actions, button, context, escape, plain, section, trim
from bot.tongues import spoken
from kpi.errors import KpiError
from kpi.policy import Wording
from kpi.services.surveys.opting import Wish
from kpi.services.surveys.words import COMMENT_CHARS, CommentForm, Question

SCORE, COMMENT, WISH = "survey_score_", "survey_comment", "survey_wish_"
_VALUE = re.compile(r"([A-Za-z0-9_-]{8,64})\.(\d{1,2})")
_USER = re.compile(r"[UW][A-Z0-9]+")


def question(asked: Question) -> dict[str, Any]:
    """The message that asks: one uncoloured button for each score, what the scale's points mean, and the way out."""
    return _message(asked, _addressed(asked) + escape(asked.wording.question))


def reminder(asked: Question) -> dict[str, Any]:
    """The question once more, addressed to nobody, so that it rings nowhere."""
    return _message(asked, f"_{escape(spoken(asked.locale).reminder)}_\n{escape(asked.wording.question)}")


def thanks(token: str, wording: Wording, locale: str) -> dict[str, Any]:
    """The thanks for one person's eyes, with the way to say more."""
    words = escape(wording.thanks)
    more = button(spoken(locale).add_comment, COMMENT, token)
    return {"text": words, "blocks": [section(words), actions("survey_more", more, *_ways_out(token, locale))]}


def heeded(wish: Wish, token: str, locale: str) -> dict[str, Any]:
    """What somebody reads who asked to be asked less, or no more; the same person can take it back."""
    words = spoken(locale)
    said = {Wish.LESS: words.less_done, Wish.STOP: words.stop_done, Wish.AGAIN: words.undone}[wish]
    undo = [] if wish is Wish.AGAIN else [actions("survey_undo", button(words.undo, f"{WISH}{Wish.AGAIN}", token))]
    return {"text": escape(said), "blocks": [section(escape(said)), *undo]}


def comment_view(form: CommentForm) -> dict[str, Any]:
    """The form for a comment, with what was said before."""
    words = spoken(form.locale)
    field = {
        "type": "plain_text_input",
        "action_id": "comment",
        "multiline": True,
        "max_length": COMMENT_CHARS,
        **({"initial_value": form.comment} if form.comment else {}),
    }
    comment = {"type": "input", "block_id": "comment", "label": plain(words.label), "element": field, "optional": True}
    return {
        "type": "modal",
        "callback_id": COMMENT,
        "private_metadata": form.token,
        "title": plain(words.title),
        "submit": plain(words.send),
        "close": plain(words.close),
        "blocks": [section(escape(form.prompt)), comment, *_tags(form)],
    }


def comment_kept_view(locale: str) -> dict[str, Any]:
    """What stands in the form's place once the comment is stored."""
    words = spoken(locale)
    return {"type": "modal", "title": plain(words.title), "blocks": [section(escape(words.kept))]}


def pressed(value: str) -> tuple[str, int]:
    """The survey's token and the score in the value of a score's button; KpiError for anything else."""
    found = _VALUE.fullmatch(value)
    if found is None:
        raise KpiError("That button does not belong to a survey of ours; nothing was stored.")
    return found[1], int(found[2])


def _message(asked: Question, words: str) -> dict[str, Any]:
    names = _names(asked)
    scale = actions("survey_scores", *(_score(asked, score, names.get(score, "")) for score in asked.instrument.scale))
    meaning = context(" · ".join(f"{score} = {escape(name)}" for score, name in names.items()))
    ways_out = actions("survey_ways_out", *_ways_out(asked.token, asked.locale))
    return {"text": words, "blocks": [section(words), scale, meaning, ways_out]}


def _ways_out(token: str, locale: str) -> tuple[Block, Block]:
    words = spoken(locale)
    return button(words.less, f"{WISH}{Wish.LESS}", token), button(words.stop, f"{WISH}{Wish.STOP}", token)


def _tags(form: CommentForm) -> list[Block]:
    if not form.tags:
        return []
    words = spoken(form.locale)
    options = {tag: option(words.tags.get(tag, tag), tag) for tag in form.tags}
    ticked = [options[tag] for tag in form.ticked]
    boxes = {"type": "checkboxes", "action_id": "tags", "options": list(options.values())}
    boxes |= {"initial_options": ticked} if ticked else {}
    label = plain(words.tags_label)
    return [{"type": "input", "block_id": "tags", "label": label, "element": boxes, "optional": True}]


def _score(asked: Question, score: int, name: str) -> Block:
    words = trim(f"{score}: {name}" if name else str(score), BUTTON_CHARS)
    press = button(str(score), f"{SCORE}{score}", f"{asked.token}.{score}")
    return press | {"accessibility_label": words}


def _names(asked: Question) -> dict[int, str]:
    scale = asked.instrument.scale
    if asked.wording.labels:
        return dict(zip(scale, asked.wording.labels, strict=True))
    return {scale[0]: asked.wording.low_label, scale[-1]: asked.wording.high_label}


def _addressed(asked: Question) -> str:
    user_id = asked.contact.slack_user_id if asked.contact else None
    return f"<@{user_id}> " if user_id and _USER.fullmatch(user_id) else ""
