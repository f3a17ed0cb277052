"""Who may ask, about whose accounts, and what that leaves of a question."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kpi.errors import KpiError, Refused
from kpi.model import Scope
from kpi.policy import AskPolicy
from kpi.services import scopes
from kpi.services.people import NobodyCanSay
from kpi.store import admission
from kpi.store import scopes as rows
from kpi.store.admission import Owned
from kpi.store.store import Tx

_NOT_AN_OWNER = "No client is yours here: no owner of accounts has your Slack user id."
Membership = Callable[[str], bool | None]
"""Whether the person is in the user group with this id; None when nobody can say."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody may ask: about every account, or those of `team` alone, themselves first and then who reports to them.

    `way` is the rule that lets them, in words.
    """

    way: str
    team: tuple[Owned, ...] | None = None

    @property
    def owners(self) -> frozenset[int] | None:
        """The ids of the owners whose accounts they may ask about; None: of any, and of accounts without one."""
        return None if self.team is None else frozenset(owner.id for owner in self.team)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody of our own people, with what the rules look at."""

    user_id: str
    team: tuple[Owned, ...]
    is_in: Membership


def looks_at_owners(policy: AskPolicy) -> bool:
    """Whether any rule depends on whose accounts are whose."""
    return policy.owners != "none" or "own" in {policy.members, *policy.groups.values(), *policy.people.values()}


def admitted(policy: AskPolicy, asker: Asker, whom: str) -> Admitted:
    """What the most generous rule lets somebody see. Refused where there is none; `whom` can change that.

    NobodyCanSay when a group that could have let them in could not be asked for.
    """
    owns, unsaid = any(owner.has_accounts for owner in asker.team), False
    refused = Refused(f"You are not among the people who may ask for KPIs; {whom} can change that.", "no rule")
    for sight in ("all", "own"):
        for way, applies in _rules(policy, sight, asker):
            if applies and (sight == "all" or owns):
                return Admitted(way, None if sight == "all" else asker.team)
            if applies:
                refused = Refused(f"{scopes.ONLY_OWN[:-1]}, and none is yours; {whom} can change that.", "owns none")
            unsaid = unsaid or applies is None
    raise NobodyCanSay if unsaid else refused


def _rules(policy: AskPolicy, sight: str, asker: Asker) -> Iterator[tuple[str, bool | None]]:
    """The rules that give this much, the cheap ones first: only groups may have to be asked for."""
    yield "member", policy.members == sight
    yield "person", policy.people.get(asker.user_id) == sight
    yield "owner", policy.owners == sight and bool(asker.team)
    for group_id, given in policy.groups.items():
        if given == sight:
            yield f"group {group_id}", asker.is_in(group_id)


def narrowed(asked: Scope | None, admitted: Admitted) -> Scope | None:
    """The scope as this person may have it: their own accounts where they named none. Refused for a segment.

    An account or an owner is still to be found, among theirs alone: `scopes.resolve(…, owners=admitted.owners)`.
    """
    if admitted.team is None:
        return asked
    if asked is None or asked.kind == "workspace":
        return _own(admitted.team)
    if asked.kind == "segment":
        raise Refused(f"{scopes.ONLY_OWN} A segment has others' too.", "outside")
    return asked


def visible(tx: Tx, found: Iterable[Scope], admitted: Admitted) -> list[Scope]:
    """Those of these found scopes that this person may read of; whoever sees all, of any."""
    if admitted.owners is None:
        return list(found)
    theirs = {(kind, each.id) for kind in ("account", "owner") for each in rows.named(tx, kind, admitted.owners)}
    return [scope for scope in found if (scope.kind, scope.id) in theirs]


def own_scope(tx: Tx, slack_user_id: str) -> Scope:
    """The accounts whose owner this person is at present. KpiError when there are none."""
    return _own(admission.team(tx, slack_user_id))


def _own(team: tuple[Owned, ...]) -> Scope:
    if not team or not team[0].is_self:
        raise KpiError(_NOT_AN_OWNER)
    themselves, *reports = team
    if not themselves.has_accounts:
        names = [owner.name for owner in reports if owner.has_accounts]
        raise KpiError(
            "No client is yours at present." + (f" Ask for one of your team: {_listed(names)}." if names else "")
        )
    return Scope("owner", themselves.name, themselves.id)


def _listed(names: list[str]) -> str:
    return ", ".join(f"owner “{name}”" for name in names[:3]) + (" …" if len(names) > 3 else "")
