"""What the form for an account offers: in its channel that account, by name another, else a new one."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from kpi.errors import KpiError, UnknownWord
from kpi.model import Account, Actor, Scope
from kpi.policy import Policy
from kpi.services import scopes
from kpi.services.accounts import amounts, terms
from kpi.services.accounts.words import FIELDS, ME, AccountForm, Choice
from kpi.store import accounts, people, portfolio
from kpi.store import scopes as names
from kpi.store.store import Record, Tx

MENU_OPTIONS = 100
_SEGMENTS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for the form, in which channel (None: in none an account could have) and with which name ("": none)."""

    by: Actor
    channel_id: str | None
    name: str


def form(tx: Tx, policy: Policy, asked: Asked) -> AccountForm:
    """The form. KpiError when several accounts could be meant."""
    account, note = _meant(tx, asked)
    if account is None:
        return _new(tx, policy, asked, note)
    return _existing(tx, policy, asked, account)


def owners_like(tx: Tx, by: Actor, search: str) -> tuple[Choice, ...]:
    """Owners to choose from, whoever asks among them or else as “me”, as many as a menu holds."""
    found = [_choice(row) for row in portfolio.owners(tx, search, MENU_OPTIONS - 1)]
    return (*([] if portfolio.owner_of(tx, by.user_id) else [_me(tx, by)]), *found)


def zones_like(policy: Policy, search: str) -> tuple[str, ...]:
    """Zones whose name contains `search`, the workspace's and those of cities near it first."""
    own = policy.workspace.timezone.key
    wanted = search.casefold().strip().replace(" ", "_")
    found = [zone for zone in available_timezones() if wanted in zone.casefold()]
    near = own.partition("/")[0] + "/"
    return tuple(sorted(found, key=lambda zone: (zone != own, not zone.startswith(near), zone))[:MENU_OPTIONS])


def _meant(tx: Tx, asked: Asked) -> tuple[Account | None, str | None]:
    """The account to edit, and what there is to say when none is."""
    if asked.name:
        try:
            scope = scopes.resolve(tx, Scope("account", asked.name))
        except UnknownWord as unknown:
            return None, _unknown(tx, asked.name, unknown.nearest)
        return accounts.find(tx, int(scope.id or 0)), None
    here = accounts.in_channel(tx, asked.channel_id) if asked.channel_id else ()
    if len(here) > 1:
        listed = ", ".join(account.name for account in here)
        raise KpiError(f"Several accounts share this channel: {listed}. Say which, like: /kpi account {here[0].key}")
    return (here[0] if here else None), None


def _unknown(tx: Tx, name: str, nearest: tuple[str, ...]) -> str:
    known = {named.name for named in names.named(tx, "account")}
    like = [word for word in nearest if word in known]
    hint = f" Did you mean {' or '.join(like)}? Then close this one and ask for that." if like else ""
    return f"There is no account “{name[:80]}” yet; this form makes one.{hint}"


def _new(tx: Tx, policy: Policy, asked: Asked, note: str | None) -> AccountForm:
    taken = bool(asked.channel_id and accounts.in_channel(tx, asked.channel_id))
    channel_id = None if taken else asked.channel_id
    mine = portfolio.owner_of(tx, asked.by.user_id)
    owner = _choice(mine) if mine else _me(tx, asked.by)
    shown = dict.fromkeys(FIELDS, "") | {"name": asked.name, "channel": channel_id or "", "owner": owner.value}
    return AccountForm(
        account=None,
        shown=shown,
        owner=owner,
        owners=_menu(tx, asked.by),
        languages=_languages(policy, None),
        segments=_segments(tx),
        zone=policy.workspace.timezone.key,
        currency=policy.workspace.currency,
        channel_id=channel_id,
        place=asked.channel_id,
        note=note,
    )


def _existing(tx: Tx, policy: Policy, asked: Asked, account: Account) -> AccountForm:
    row = portfolio.find(tx, account.id) or {}
    paid, course = portfolio.recurring(tx, account.id), portfolio.terms(tx, account.id)
    return AccountForm(
        account=account,
        shown=_shown(row, course[-1] if course else None, asked.channel_id),
        owner=Choice(str(account.owner.id), account.owner.name) if account.owner else None,
        owners=_menu(tx, asked.by),
        languages=_languages(policy, account.language),
        segments=_segments(tx),
        zone=policy.workspace.timezone.key,
        currency=amounts.usual_currency(paid, row["currency"] or policy.workspace.currency),
        amounts=amounts.listed(paid),
        contacts=tuple(
            each["name"] or each["slack_user_id"] or each["key"] for each in portfolio.contacts(tx, account.id)
        ),
        has_term=bool(course),
        channel_id=account.channel_id or asked.channel_id,
        place=asked.channel_id,
    )


def _shown(row: Record, term: Record | None, here: str | None) -> dict[str, str]:
    """The texts the fields begin with. A channel the person may not be in cannot stand in its menu."""
    fields = {"name": "name", "segment": "segment", "language": "language", "zone": "timezone", "owner": "owner_id"}
    found = {field: str(row[column] or "") for field, column in fields.items()}
    channel = row["channel_id"] if row["channel_id"] == here else ""
    return dict.fromkeys(FIELDS, "") | found | {"channel": channel or ""} | terms.texts(term)


def _menu(tx: Tx, by: Actor) -> tuple[Choice, ...] | None:
    everyone = portfolio.owners(tx, "", MENU_OPTIONS)
    return owners_like(tx, by, "") if len(everyone) < MENU_OPTIONS else None


def _languages(policy: Policy, own: str | None) -> tuple[str, ...]:
    asked = sorted({locale for _, locale in policy.surveys.wordings})
    return tuple(dict.fromkeys([*asked, *([own] if own else [])])) or (policy.workspace.language,)


def _segments(tx: Tx) -> tuple[str, ...]:
    return tuple(named.name for named in names.named(tx, "segment"))[:_SEGMENTS]


def _choice(row: Record) -> Choice:
    return Choice(str(row["owner_id"]), row["name"])


def _me(tx: Tx, by: Actor) -> Choice:
    seen = people.known_of(tx, (by.user_id,)).get(by.user_id)
    name = (seen.name if seen else "") or by.name
    return Choice(ME, f"Me ({name})" if name else "Me")
