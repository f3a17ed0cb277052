"""Pure: what stands behind a link, and the words of a language, to HTML. Everything a person wrote is escaped."""

import base64
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.blocks.reader import Reader
from bot.tongues.spoken import Spoken
from kpi.periods import local_day
from kpi.services.surveys.by_link import Opened
from kpi.services.surveys.opting import Wish
from kpi.services.surveys.words import COMMENT_CHARS

_TEMPLATES = Path(__file__).parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
STYLE_HASH = f"sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}"
"""What a policy names the page's one style sheet by."""

_BUTTONS = {None: (Wish.LESS, Wish.STOP), Wish.LESS: (Wish.STOP, Wish.AGAIN), Wish.STOP: (Wish.AGAIN,)}
"""What may be wished next."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When and how a page is shown: `here` leads from its address to the places its forms go to, `done` is what was
    just done, `fault` what could not be, and `typed` the comment that was not stored."""

    here: str
    done: str = ""
    fault: str = ""
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class _Point:
    """A point of a scale; `name` is empty where only the ends have one."""

    score: int
    name: str

    @property
    def said(self) -> str:
        """How the answer is repeated."""
        return self.name or str(self.score)


def survey(opened: Opened, spoken: Spoken, zone: ZoneInfo, moment: Moment) -> str:
    """The question, or the thanks with what may still be said."""
    points = _points(opened)
    chosen = next((point for point in points if point.score == opened.score), None)
    return _page(
        "survey.html",
        spoken,
        lang=opened.locale,
        heading=spoken.page_answered.format(answer=chosen.said) if chosen else opened.wording.question,
        question=opened.wording.question,
        thanks=opened.wording.thanks,
        points=points,
        ends=() if opened.wording.labels else _ends(opened),
        chosen=chosen,
        until=_until(opened, spoken, zone),
        is_closed=opened.is_closed,
        prompt=opened.wording.reason_for(opened.instrument, chosen.score) if chosen else "",
        comment=opened.comment if moment.typed is None else moment.typed,
        most=COMMENT_CHARS,
        tags=[(key, spoken.tags.get(key, key), key in opened.ticked) for key in opened.tags],
        privacy=spoken.page_anonymous if opened.is_anonymous else spoken.page_privacy,
        status=_status(opened, spoken, moment),
        wished=_wished(opened, spoken),
        wishes=[(each.value, _spoken_wish(each, spoken)) for each in _BUTTONS[opened.wish]],
        moment=moment,
    )


def notice(words: str, spoken: Spoken) -> str:
    """A page that says one thing."""
    return _page("notice.html", spoken, lang=spoken.language, heading=spoken.page_title, words=words)


def too_long(characters: int, spoken: Spoken) -> str:
    """What is said of a comment too long to be stored."""
    reader = Reader(spoken.language, ZoneInfo("UTC"))
    return spoken.page_too_long.format(characters=reader.number(characters), most=reader.number(COMMENT_CHARS))


def _page(template: str, spoken: Spoken, **values: Any) -> str:
    shared = {"spoken": spoken, "style": Markup(_STYLE), "direction": "rtl" if spoken.rtl else "ltr"}  # noqa: S704 our own
    return _ENVIRONMENT.get_template(template).render(**shared, **values)


def _points(opened: Opened) -> list[_Point]:
    labels = opened.wording.labels or ("",) * len(opened.instrument.scale)
    return [_Point(score, name) for score, name in zip(opened.instrument.scale, labels, strict=True)]


def _ends(opened: Opened) -> tuple[_Point, _Point]:
    scale = opened.instrument.scale
    return _Point(scale[0], opened.wording.low_label), _Point(scale[-1], opened.wording.high_label)


def _until(opened: Opened, spoken: Spoken, zone: ZoneInfo) -> str:
    if opened.until is None:
        return ""
    day, reader = local_day(opened.until, zone), Reader(opened.locale, zone)
    try:
        written = reader.day(day)
    except (UnknownLocaleError, ValueError):  # a language of the workspace's wordings may be nobody's
        written = replace(reader, language=spoken.language).day(day)
    return spoken.page_until.format(day=written)


def _status(opened: Opened, spoken: Spoken, moment: Moment) -> str:
    """The confirmation of what was just done, where it holds."""
    held = {
        "comment": (spoken.kept, opened.score is not None),
        "wish": (spoken.undone, opened.wish is None),
    }
    words, holds = held.get(moment.done, ("", False))
    return words if holds else ""


def _wished(opened: Opened, spoken: Spoken) -> str:
    return {None: "", Wish.LESS: spoken.less_done, Wish.STOP: spoken.stop_done}[opened.wish]


def _spoken_wish(wish: Wish, spoken: Spoken) -> str:
    return {Wish.LESS: spoken.less, Wish.STOP: spoken.stop, Wish.AGAIN: spoken.undo}[wish]
