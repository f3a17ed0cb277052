"""What a client sees: the question with its scale, the thanks, the form for a comment."""

import re
from dataclasses import dataclass
from typing import Any

from bot.blocks.parts import BUTTON_CHARS, Block, actions, button, context, escape, plain, section, trim
from kpi.errors import KpiError
from kpi.policy import Wording
from kpi.services.surveys.words import COMMENT_CHARS, CommentForm, Question

SCORE, COMMENT = "survey_score_", "survey_comment"
_VALUE = re.compile(r"([A-Za-z0-9_-]{8,64})\.(\d{1,2})")
_USER = re.compile(r"[UW][A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words around a wording; `title`, `send` and `close` have at most 24 characters."""

    add: str
    title: str
    label: str
    send: str
    close: str
    kept: str


_ENGLISH = _Words(
    "Add a comment", "Your comment", "Comment", "Send", "Cancel", "Thank you! Your comment has been recorded."
)
_LANGUAGES = {
    "en": _ENGLISH,
    "de": _Words(
        "Kommentar hinzufügen",
        "Ihr Kommentar",
        "Kommentar",
        "Senden",
        "Abbrechen",
        "Vielen Dank! Ihr Kommentar ist gespeichert.",
    ),
}


def question(asked: Question) -> dict[str, Any]:
    """The message that asks: one uncoloured button for each score, and what the scale's points mean."""
    names = _names(asked)
    scale = actions("survey_scores", *(_score(asked, score, names.get(score, "")) for score in asked.instrument.scale))
    meaning = context(" · ".join(f"{score} = {escape(name)}" for score, name in names.items()))
    words = _addressed(asked) + escape(asked.wording.question)
    return {"text": words, "blocks": [section(words), scale, meaning]}


def thanks(token: str, wording: Wording, locale: str) -> dict[str, Any]:
    """The thanks for one person's eyes, with the way to say more."""
    words = escape(wording.thanks)
    more = button(_spoken(locale).add, COMMENT, token)
    return {"text": words, "blocks": [section(words), actions("survey_more", more)]}


def comment_view(form: CommentForm) -> dict[str, Any]:
    """The form for a comment, with what was written before."""
    spoken = _spoken(form.locale)
    field = {
        "type": "plain_text_input",
        "action_id": "comment",
        "multiline": True,
        "max_length": COMMENT_CHARS,
        **({"initial_value": form.comment} if form.comment else {}),
    }
    return {
        "type": "modal",
        "callback_id": COMMENT,
        "private_metadata": form.token,
        "title": plain(spoken.title),
        "submit": plain(spoken.send),
        "close": plain(spoken.close),
        "blocks": [
            section(escape(form.wording.comment_prompt)),
            {"type": "input", "block_id": "comment", "label": plain(spoken.label), "element": field},
        ],
    }


def comment_kept_view(locale: str) -> dict[str, Any]:
    """What stands in the form's place once the comment is stored."""
    spoken = _spoken(locale)
    return {"type": "modal", "title": plain(spoken.title), "blocks": [section(spoken.kept)]}


def pressed(value: str) -> tuple[str, int]:
    """The survey's token and the score in the value of a score's button; KpiError for anything else."""
    found = _VALUE.fullmatch(value)
    if found is None:
        raise KpiError("That button does not belong to a survey of ours; nothing was stored.")
    return found[1], int(found[2])


def _score(asked: Question, score: int, name: str) -> Block:
    spoken = trim(f"{score}: {name}" if name else str(score), BUTTON_CHARS)
    press = button(str(score), f"{SCORE}{score}", f"{asked.token}.{score}")
    return press | {"accessibility_label": spoken}


def _names(asked: Question) -> dict[int, str]:
    scale = asked.instrument.scale
    if asked.wording.labels:
        return dict(zip(scale, asked.wording.labels, strict=True))
    return {scale[0]: asked.wording.low_label, scale[-1]: asked.wording.high_label}


def _addressed(asked: Question) -> str:
    user_id = asked.contact.slack_user_id if asked.contact else None
    return f"<@{user_id}> " if user_id and _USER.fullmatch(user_id) else ""


def _spoken(locale: str) -> _Words:
    return _LANGUAGES.get(locale.split("-", maxsplit=1)[0], _ENGLISH)
