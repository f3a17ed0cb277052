"""What a client sees: readable, complete, harmless, and within what Slack takes."""

from typing import Any

import pytest

from bot.blocks.limits import faults
from bot.blocks.survey import COMMENT, comment_kept_view, comment_view, heeded, pressed, question, reminder, thanks
from bot.tongues import spoken
from kpi.errors import KpiError
from kpi.model import Contact, Instrument
from kpi.policy import Wording
from kpi.services.surveys.opting import Wish
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
    scale = [button for button in buttons(message) if button["action_id"].startswith("survey_score_")]
    assert [button["text"]["text"] for button in scale] == [str(score) for score in scores]
    assert [button["action_id"] for button in scale] == [f"survey_score_{score}" for score in scores]
    assert [pressed(button["value"]) for button in scale] == [(TOKEN, score) for score in scores]
    assert not any("style" in button for button in buttons(message))
    assert faults(message) == ()


def test_the_scale_says_what_its_points_mean_also_to_a_screen_reader() -> None:
    csat, nps = asked(Instrument.CSAT, CSAT_EN), asked(Instrument.NPS, NPS_EN)
    assert "5 = Very satisfied" in csat["blocks"][2]["elements"][0]["text"]
    assert nps["blocks"][2]["elements"][0]["text"] == "0 = Not at all · 10 = Extremely"
    assert buttons(csat)[3]["accessibility_label"] == "4: Satisfied"


def test_the_notification_is_the_question_and_carries_no_score() -> None:
    assert asked(Instrument.CSAT, CSAT_EN)["text"] == "How satisfied were you?"
    assert asked(Instrument.CSAT, CSAT_EN, CARLA)["text"] == "<@U0CARLA> How satisfied were you?"


def test_a_contact_without_a_proper_slack_id_is_not_mentioned() -> None:
    odd = Contact(1, 1, "Odd", slack_user_id="!channel")
    assert asked(Instrument.CSAT, CSAT_EN, odd)["text"] == "How satisfied were you?"


def test_no_wording_can_alarm_a_channel() -> None:
    form = CommentForm(TOKEN, LOUD.comment_prompt, "en", "")
    for payload in (asked(Instrument.NPS, LOUD), thanks(TOKEN, LOUD, "en"), comment_view(form)):
        assert "<!" not in str(payload)
        assert "<@" not in str(payload)


def test_the_thanks_offer_a_comment_in_the_clients_language() -> None:
    message = thanks(TOKEN, CSAT_EN, "de-AT")
    more, less, stop = buttons(message)
    assert (more["action_id"], more["value"]) == (COMMENT, TOKEN)
    assert more["text"]["text"] == spoken("de").add_comment
    assert [less["action_id"], stop["action_id"]] == ["survey_wish_less", "survey_wish_stop"]
    assert faults(message) == ()


@pytest.mark.parametrize("locale", ["en", "de", "fr"])
def test_the_comment_form_shows_what_was_written_and_takes_what_slack_takes(locale: str) -> None:
    view = comment_view(CommentForm(TOKEN, "Why?", locale, "x" * 3000, ("speed", "price"), ("price",)))
    comment, tags = (block["element"] for block in view["blocks"][1:])
    assert (comment["initial_value"], comment["max_length"]) == ("x" * 3000, 3000)
    assert [option["value"] for option in tags["options"]] == ["speed", "price"]
    assert tags["initial_options"] == [tags["options"][1]]
    assert view["private_metadata"] == TOKEN
    assert faults(view) == faults(comment_kept_view(locale)) == ()


@pytest.mark.parametrize("value", ["", "x", TOKEN, f"{TOKEN}.", f"{TOKEN}.100", f"{TOKEN}.-1", f"{TOKEN}.4\n", "a b.3"])
def test_a_value_of_any_other_form_is_refused(value: str) -> None:
    with pytest.raises(KpiError, match="nothing was stored"):
        pressed(value)


def test_the_reminder_asks_again_without_calling_anybody() -> None:
    message = reminder(Question(TOKEN, Instrument.CSAT, CSAT_EN, "en", CARLA))
    assert "<@" not in str(message)
    assert spoken("en").reminder in message["text"]
    assert [pressed(each["value"])[1] for each in buttons(message)[:5]] == [1, 2, 3, 4, 5]
    assert faults(message) == ()


@pytest.mark.parametrize("wish", Wish)
def test_a_wish_is_confirmed_and_can_be_taken_back(wish: Wish) -> None:
    message = heeded(wish, TOKEN, "en")
    undo = [each["action_id"] for each in buttons(message)]
    assert undo == ([] if wish is Wish.AGAIN else ["survey_wish_again"])
    assert faults(message) == ()
