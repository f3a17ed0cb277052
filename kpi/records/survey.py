"""What clients were asked and what they answered."""

from kpi.model import Instrument
from kpi.records.columns import RECORDED_AT, account, at, key_of, refers
from kpi.records.entity import Column, Entity, Rule, in_order
from kpi.records.kinds import KEY, LANGUAGE, TEXT, one_of, whole

_SCALES = ", ".join(f"{one} {one.scale.start} to {one.scale.stop - 1}" for one in Instrument)


def _in_scale(score: str, instrument: str) -> bool:
    return not instrument or int(score) in Instrument(instrument).scale


SURVEYS = Entity(
    "surveys",
    "Questions that were asked.",
    (
        key_of("survey", "Your name for it.", "survey-1"),
        account(),
        refers("contact", "contacts", "Who was asked; empty: whoever saw it.", "carla"),
        refers("interaction", "interactions", "What it was about.", "interaction-1"),
        Column("instrument", one_of(*Instrument), "csat, nps or ces.", "csat", required=True),
        at("posted_at", "When it was asked.", "2026-09-01T17:00:00+02:00", required=True),
        at("expires_at", "When it closed, or will.", "2026-09-08T17:00:00+02:00"),
        Column("state", one_of("posted", "answered", "expired"), "posted, answered or expired.", "answered",
               required=True),
        RECORDED_AT,
        refers("owner", "owners", "Who looked after the account then; empty: the interaction's owner.", ""),
        Column("language", LANGUAGE, "The language it was asked in.", "en"),
        Column("wording", KEY, "The version of its words.", ""),
    ),
    ("survey",),
    (in_order("posted_at", "expires_at", sentence="a question cannot close before it was asked"),),
)  # fmt: skip

REPLIES = Entity(
    "replies",
    "Answers. Rows with the same survey and contact are one answer and its edits; without a survey each is one answer.",
    (
        key_of("reply", "Your name for it.", "reply-1"),
        refers("survey", "surveys", "What it answers; empty: asked elsewhere.", "survey-1"),
        Column("account", KEY, "Empty: the survey's.", "acme", stated=True, names="accounts"),
        refers("contact", "contacts", "Who answered.", "carla"),
        refers("interaction", "interactions", "What it was about; empty: the survey's.", ""),
        Column("instrument", one_of(*Instrument), "csat, nps or ces; empty: the survey's.", "csat", stated=True),
        Column("score", whole(0, 10), f"{_SCALES}.", "5", required=True),
        Column("comment", TEXT, "What they wrote to us.", "Quick and clear, thank you."),
        at("answered_at", "When they answered.", "2026-09-01T18:20:00+02:00", required=True),
        RECORDED_AT,
        refers("owner", "owners", "Whose answer it is; empty: the interaction's owner.", ""),
    ),
    ("reply",),
    (
        Rule(("account", "survey"), lambda account, survey: bool(account or survey), "needed where there is no survey"),
        Rule(("instrument", "survey"), lambda instrument, survey: bool(instrument or survey),
             "needed where there is no survey"),
        Rule(("score", "instrument"), _in_scale, f"outside the scale; there are {_SCALES}"),
    ),
)  # fmt: skip
