"""The engine beside the plain-loop reference: the same files, the same question, figure by figure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isclose
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.settings import load
from kpi.metrics.document import to_json
from kpi.model import Scope
from kpi.policy import Calendar, Calendars, MissingRate, Policy, WorkspacePolicy
from kpi.services.intake import Fate, Intake, Mode
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.sources.csv_files import Folder
from kpi.store.store import Store
from tests import reference
from tests.reference import Settings

NOW = datetime(2027, 6, 1, tzinfo=UTC)
FIGURES = ("value", "n", "accounts", "numerator", "denominator", "interval", "status", "previous", "change", "details")
EXACT, FITTED = 1e-9, 2e-4
"""How near two programs must be: where each computes, and where each looks for an optimum of its own (clv)."""
ALWAYS = Calendar(ZoneInfo("UTC"), dict.fromkeys(range(7), ((0, 1440),)))
"""Whoever has no calendar: elapsed time."""
OURS_ALONE = {"alpha", "beta", "losses", "last_loss_month", "variant", "scale_points", "lost"}
"""Details that say how a figure came about; the reference tells names of its own kind."""


@dataclass(frozen=True)
class Asked:
    """A question to both."""

    key: str
    period: str
    as_of: datetime
    scope: tuple[str, str | None] = ("workspace", None)
    variant: str | None = None


@dataclass(frozen=True)
class Bench:
    """One folder, read by the reference and imported into a store."""

    folder: Path
    settings: Settings
    reports: Reports

    def differences(self, asked: Asked) -> list[str]:
        """Every figure on which the two disagree, one line each."""
        theirs = self._reference(asked)
        ours = self._engine(asked)
        if isinstance(ours, str) or isinstance(theirs, str):
            return [] if ours == theirs else [f"{asked}: engine {ours}, reference {theirs}"]
        share = FITTED if asked.key == "clv" and asked.variant in (None, "survival") else EXACT
        near = share, share * _size(theirs)
        return [f"{asked}: {line}" for name in FIGURES for line in _unlike(name, ours[name], theirs[name], near)]

    def _reference(self, asked: Asked) -> dict[str, Any] | str:
        words = {"period": asked.period, "as_of": asked.as_of, "scope": asked.scope, "variant": asked.variant}
        try:
            return reference.compute(self.folder, asked.key, settings=self.settings, **words)  # type: ignore[arg-type]  # mixed words
        except reference.MissingRate as missing:
            return f"no rate for {missing.currency}"

    def _engine(self, asked: Asked) -> dict[str, Any] | str:
        kind, name = asked.scope
        question = Question(asked.key, asked.period, Scope(kind, name), asked.as_of, asked.variant)
        try:
            document = to_json(self.reports.answer(question))
        except MissingRate as missing:
            return f"no rate for {missing.currency}"
        return {**document, "previous": _of_reference(document["previous"], "value", "n")}


def imported(folder: Path, settings: Settings, store: Store) -> Bench:
    """Takes the folder in, if it holds anything; every row must be taken."""
    sheets = Folder(folder).sheets() if any(folder.iterdir()) else ()
    taken = Intake(store, lambda: NOW, settings.timezone, settings.currency).take(sheets, Mode())
    assert [(one.place, one.flaws) for one in taken if one.fate is not Fate.WRITTEN] == []
    return Bench(folder, settings, Reports(store, policy(settings), lambda: NOW))


def policy(settings: Settings) -> Policy:
    """The reference's settings as the engine's; KPIs as shipped, with the targets given."""
    shipped = load({}, cwd=Path("/nonexistent")).policy
    calendars = {
        name: Calendar(each.timezone, {day: tuple(hours) for day, hours in each.opening.items()}, each.country,
                       each.subdivision, each.closed)
        for name, each in settings.calendars.items()
    }  # fmt: skip
    workspace = WorkspacePolicy(
        settings.timezone, settings.currency, rates={code: tuple(known) for code, known in settings.rates.items()},
        fiscal_year_start=settings.fiscal_year_start, gross_margin=settings.gross_margin,
        discount_rate=settings.discount_rate,
    )  # fmt: skip
    kpis = {key: _aimed(definition, settings.targets.get(key)) for key, definition in shipped.kpis.items()}
    named = Calendars({"default": ALWAYS, **calendars}, settings.calendar_of_owner)
    return Policy(workspace, kpis, shipped.surveys, named)


def _aimed(definition: Any, target: float | None) -> Any:
    from dataclasses import replace

    return replace(definition, target=target)


def _size(theirs: Mapping[str, Any]) -> float:
    """Of the largest among value and interval: bootstraps round what they draw to so many digits of the usual one."""
    interval = theirs["interval"] or {}
    sizes = (theirs["value"], interval.get("low"), interval.get("high"))
    return max([1.0, *(abs(float(size)) for size in sizes if size is not None)])


def _of_reference(part: Mapping[str, Any] | None, *names: str) -> dict[str, Any] | None:
    return None if part is None else {name: part[name] for name in names}


def _unlike(name: str, ours: Any, theirs: Any, near: tuple[float, float]) -> Iterator[str]:
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        for part in theirs.keys() - OURS_ALONE:
            if not (name == "previous" and part in ("start", "end")):
                yield from _unlike(f"{name}.{part}", ours.get(part), theirs[part], near)
    elif not _same(ours, theirs, near):
        yield f"{name}: engine {ours}, reference {theirs}"


def _same(ours: Any, theirs: Any, near: tuple[float, float]) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float) and not isinstance(ours, bool):
        return isclose(ours, theirs, rel_tol=near[0], abs_tol=near[1])
    if isinstance(ours, date):
        return bool(ours.isoformat() == str(theirs))
    return bool(ours == theirs)
