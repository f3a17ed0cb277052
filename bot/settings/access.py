"""access.yaml: where the bot may speak about numbers, and to whom about its own troubles."""

from typing import Annotated, Literal

from pydantic import Field

from bot.settings.fields import Section, matching
from kpi.policy import AccessPolicy

SlackUser = Annotated[
    str,
    matching(r"[UW][A-Z0-9]{5,20}", "is not a Slack user id; copy it from the person's profile, as in U012AB3CD"),
]


class AccessFile(Section):
    """The file as written."""

    externally_shared: Literal["direct_message", "ephemeral", "refuse"]
    operators: list[SlackUser] = Field(default_factory=list)

    def policy(self) -> AccessPolicy:
        """What the rest of the product reads."""
        return AccessPolicy(self.externally_shared, tuple(dict.fromkeys(self.operators)))
