"""The page about the local Slack has everything it can be told, and the numbers it keeps."""

import re
from pathlib import Path
from typing import get_args

from sandbox import faults, limits, mishaps
from sandbox.acts import ACTS
from sandbox.config import SandboxConfig
from sandbox.trouble import TROUBLES, Revocation, Storm

PAGE = (Path(__file__).parents[2] / "docs/sandbox.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", PAGE, flags=re.DOTALL | re.MULTILINE)))


def test_every_act_every_trouble_and_every_kind_of_it_is_on_the_page() -> None:
    kinds = {*get_args(faults.Kind), *get_args(mishaps.Kind), "half_open", "refresh_storm"}
    named = {word.removeprefix("POST /_control/") for word in CODE}
    assert {*ACTS, *TROUBLES, *kinds} - named == set()


def test_every_field_of_a_trouble_is_on_the_page() -> None:
    fields = {name for model in (faults.Fault, mishaps.Mishap, Storm, Revocation) for name in model.model_fields}
    assert {name for name in fields if not re.search(rf"\b{name}\b", PAGE)} == set()


def test_the_numbers_on_the_page_are_those_it_keeps_unless_told_otherwise() -> None:
    kept = SandboxConfig()
    assert (kept.ack_seconds, kept.trigger_seconds, kept.response_url_seconds) == (3, 3, 30 * 60)
    assert kept.retry_delays_seconds == (0, 60, 5 * 60)
    assert (limits.RESPONSE_URL_USES, limits.MODAL_STACK, limits.SOCKET_CONNECTIONS) == (5, 3, 10)
    assert {kept.bot_token, kept.app_token, kept.signing_secret} <= CODE
