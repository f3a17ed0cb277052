"""access.yaml: who may ask for numbers, where the bot may speak about them, and who hears of its own troubles."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from bot.settings.fields import Section, matching
from bot.settings.nodes import Loc
from kpi.policy import AccessPolicy, AskPolicy

SlackUser = Annotated[
    str,
    matching(r"[UW][A-Z0-9]{5,20}", "is not a Slack user id; copy it from the person's profile, as in U012AB3CD"),
]
UserGroup = Annotated[
    str,
    matching(r"S[A-Z0-9]{5,20}", "is not the id of a Slack user group; copy it from the group's menu, as in S012AB3CD"),
]
Sight = Literal["all", "own"]
Usual = Literal["all", "own", "none"]


class AskSection(Section):
    """Who may ask, and about whose accounts."""

    members: Usual
    owners: Usual
    groups: dict[UserGroup, Sight] = Field(default_factory=dict)
    people: dict[SlackUser, Sight] = Field(default_factory=dict)
    share: Usual


class AccessFile(Section):
    """The file as written."""

    externally_shared: Literal["direct_message", "ephemeral", "refuse"]
    operators: list[SlackUser] = Field(default_factory=list)
    ask: AskSection

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """Rules that change nothing: whoever wrote them believes that somebody sees less than they do."""
        if self.ask.members != "all":
            return
        for name, given in (
            ("owners", self.ask.owners != "none"),
            ("groups", self.ask.groups),
            ("people", self.ask.people),
        ):
            if given:
                yield ("ask", name), "has no effect while every full member may ask about all accounts (members: all)"

    def policy(self) -> AccessPolicy:
        """What the rest of the product reads."""
        asking = self.ask
        rules = AskPolicy(asking.members, asking.owners, _kept(asking.groups), _kept(asking.people), asking.share)
        return AccessPolicy(self.externally_shared, tuple(dict.fromkeys(self.operators)), rules)


def _kept(rules: Mapping[str, Sight]) -> Mapping[str, str]:
    return MappingProxyType(dict[str, str](rules.items()))
