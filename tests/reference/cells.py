"""Cells of CSV files, and when what they say came to be known."""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

Row = dict[str, str]


def table(folder: Path, name: str) -> list[Row]:
    """The rows of a file; none where there is no file."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = max(",;\t", key=file.readline().count)
        file.seek(0)
        header, *rows = [[cell.strip() for cell in cells] for cells in csv.reader(file, delimiter=delimiter)] or [[]]
    names = [name.lower() for name in header]
    return [dict(zip(names, cells, strict=True)) for cells in rows if any(cells)]


def word(cell: str) -> str:
    """A word in its one spelling."""
    return "_".join(cell.lower().replace("-", " ").split())


def day(row: Row, name: str) -> date | None:
    """A day as it stands."""
    cell = row.get(name, "")
    return date.fromisoformat(cell) if cell else None


@dataclass(frozen=True)
class Clock:
    """The workspace's zone, and the instant as of which all is seen."""

    zone: ZoneInfo
    as_of: datetime

    @property
    def today(self) -> date:
        """The day of as_of."""
        return self.local(self.as_of)

    def local(self, instant: datetime) -> date:
        """The day of an instant."""
        return instant.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def instant(self, row: Row, name: str) -> datetime | None:
        """An instant; one without an offset is local, of two with the same name the earlier."""
        cell = row.get(name, "")
        if not cell:
            return None
        found = datetime.fromisoformat(cell.replace("Z", "+00:00").replace("z", "+00:00"))
        return (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(UTC)

    def past(self, *instants: datetime | None) -> bool:
        """Whether none of them is after as_of; those not given are not."""
        return all(instant is None or instant <= self.as_of for instant in instants)

    def known(self, row: Row, name: str) -> datetime | None:
        """An instant that has passed; else None."""
        found = self.instant(row, name)
        return found if found and found <= self.as_of else None

    def began(self, row: Row, name: str) -> bool:
        """Whether a row's day has begun, and the row was recorded by as_of."""
        found = day(row, name)
        assert found
        return self.past(self.midnight(found), self.instant(row, "recorded_at"))

    def happened(self, row: Row, name: str) -> bool:
        """Whether a row's instant has passed, and the row was recorded by as_of."""
        return self.past(self.instant(row, name), self.instant(row, "recorded_at"))
