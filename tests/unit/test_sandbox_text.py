"""How the local Slack's page shows Slack's markup."""

from sandbox.seed import seed_world
from sandbox.text import mrkdwn


def test_a_quoted_line_is_marked_as_one_and_no_other() -> None:
    assert mrkdwn(seed_world(), "> Well done.\n5 > 4") == "▏ Well done.<br>5 &gt; 4"
    assert mrkdwn(seed_world(), "&gt;Well done.") == "▏ Well done."
