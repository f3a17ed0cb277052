"""What a client sees: readable, complete, harmless, and within what Slack takes."""

from typing import Any

import pytest

from bot.blocks.limits import faults
from bot.blocks.survey import COMMENT, comment_kept_view, comment_view, pressed, question, thanks
from kpi.errors import KpiError
from kpi.model import Contact, Instrument
from kpi.policy import Wording
from kpi.services.surveys.words import CommentForm, Question
from tests.agency import CSAT_EN, NPS_EN

TOKEN = "Zm9vYmFyYmF6cXV4_-9"
CARLA = Contact(1, 1, "Carla", slack_user_id="U0CARLA")
LOUD = Wording("v", "<!channel> & <@U0ANNA>?", "<low>", "<high>", "<!here>", "<!everyone>")


def asked(instrument: Instrument, wording: Wording, contact: Contact | None = None) -> dict[str, Any]:
    return question(Question(TOKEN, instrument, wording, "en", contact))


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]]


@pytest.mark.parametrize(
    ("instrument", "wording", "scores"),
    [(Instrument.CSAT, CSAT_EN, range(1, 6)), (Instrument.NPS, NPS_EN, range(11))],
)
def test_every_point_of_the_scale_is_one_uncoloured_button(
    instrument: Instrument, wording: Wording, scores: range
) -> None:
    message = asked(instrument, wording)
    assert [button["text"]["text"] for button in buttons(message)] == [str(score) for score in scores]
    assert [button["action_id"] for button in buttons(message)] == [f"survey_score_{score}" for score in scores]
    assert [pressed(button["value"]) for button in buttons(message)] == [(TOKEN, score) for score in scores]
    assert not any("style" in button for button in buttons(message))
    assert faults(message) == ()


def test_the_scale_says_what_its_points_mean_also_to_a_screen_reader() -> None:
    csat, nps = asked(Instrument.CSAT, CSAT_EN), asked(Instrument.NPS, NPS_EN)
    assert "5 = Very satisfied" in csat["blocks"][-1]["elements"][0]["text"]
    assert nps["blocks"][-1]["elements"][0]["text"] == "0 = Not at all · 10 = Extremely"
    assert buttons(csat)[3]["accessibility_label"] == "4: Satisfied"


def test_the_notification_is_the_question_and_carries_no_score() -> None:
    assert asked(Instrument.CSAT, CSAT_EN)["text"] == "How satisfied were you?"
    assert asked(Instrument.CSAT, CSAT_EN, CARLA)["text"] == "<@U0CARLA> How satisfied were you?"


def test_a_contact_without_a_proper_slack_id_is_not_mentioned() -> None:
    odd = Contact(1, 1, "Odd", slack_user_id="!channel")
    assert asked(Instrument.CSAT, CSAT_EN, odd)["text"] == "How satisfied were you?"


def test_no_wording_can_alarm_a_channel() -> None:
    form = CommentForm(TOKEN, LOUD, "en", "")
    for payload in (asked(Instrument.NPS, LOUD), thanks(TOKEN, LOUD, "en"), comment_view(form)):
        assert "<!" not in str(payload)
        assert "<@" not in str(payload)


def test_the_thanks_offer_a_comment_in_the_clients_language() -> None:
    message = thanks(TOKEN, CSAT_EN, "de-AT")
    (more,) = buttons(message)
    assert (more["action_id"], more["value"]) == (COMMENT, TOKEN)
    assert more["text"]["text"] == "Kommentar hinzufügen"
    assert faults(message) == ()


@pytest.mark.parametrize("locale", ["en", "de", "fr"])
def test_the_comment_form_shows_what_was_written_and_takes_what_slack_takes(locale: str) -> None:
    view = comment_view(CommentForm(TOKEN, CSAT_EN, locale, "x" * 3000))
    element = view["blocks"][-1]["element"]
    assert (element["initial_value"], element["max_length"]) == ("x" * 3000, 3000)
    assert view["private_metadata"] == TOKEN
    assert faults(view) == faults(comment_kept_view(locale)) == ()


@pytest.mark.parametrize("value", ["", "x", TOKEN, f"{TOKEN}.", f"{TOKEN}.100", f"{TOKEN}.-1", f"{TOKEN}.4\n", "a b.3"])
def test_a_value_of_any_other_form_is_refused(value: str) -> None:
    with pytest.raises(KpiError, match="nothing was stored"):
        pressed(value)
