"""Opening hours, holidays and whose they are."""

from datetime import date

import pytest

from tests.configured import Folder


def test_without_calendars_everybody_works_in_the_workspaces_zone(folder: Folder) -> None:
    folder.write(workspace="timezone: Asia/Tokyo\n")

    calendars = folder.load().policy.calendars

    assert calendars is not None
    assert calendars.of("anna") == calendars.of(None)
    assert calendars.of("anna").timezone.key == "Asia/Tokyo"
    assert calendars.of("anna").opening_minutes == dict.fromkeys(range(5), ((9 * 60, 17 * 60),))


def test_an_owner_works_by_the_calendar_named_for_them(folder: Folder) -> None:
    folder.write(
        calendars="owners: {anna: london}\n"
        "london:\n"
        "  timezone: Europe/London\n"
        '  hours: {mon-thu: "09:00-17:30", fri: "09:00-13:00, 14:00-24:00"}\n'
        "  holidays: {country: GB, subdivision: SCT}\n"
        "  closed: [2026-12-24]\n"
    )

    calendars = folder.load().policy.calendars

    assert calendars is not None
    anna = calendars.of("anna")
    assert anna.opening_minutes[3] == ((540, 1050),)
    assert anna.opening_minutes[4] == ((540, 780), (840, 1440))
    assert 5 not in anna.opening_minutes
    assert (anna.country, anna.subdivision, anna.closed) == ("GB", "SCT", frozenset({date(2026, 12, 24)}))
    assert calendars.of("ben").timezone.key == "Europe/Berlin"


def test_opening_hours_replace_the_shipped_ones_as_a_whole(folder: Folder) -> None:
    folder.write(calendars='default: {hours: {tue: "10:00-12:00"}}\n')

    calendars = folder.load().policy.calendars

    assert calendars is not None
    assert calendars.of(None).opening_minutes == {1: ((600, 720),)}


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ("{mon-fri: 9-17}", 'default.hours.mon-fri: "9-17" must be opening hours'),
        ("{mon: 09:00-25:00}", "must be opening hours"),
        ("{mon: 09:00-24:30}", "must open before they close, and close by 24:00"),
        ("{mon: 22:00-06:00}", "must open before they close, and close by 24:00"),
        ("{mon: '09:00-12:00, 11:00-13:00'}", "has hours that overlap or are out of order"),
        ("{mon: 9}", "must be text"),
        ("{monday: 09:00-17:00}", '"default.hours.monday" is not a day or a range of days'),
        ("{fri-mon: 09:00-17:00}", '"default.hours.fri-mon" runs backwards'),
        ("{mon-fri: 09:00-17:00, wed: 09:00-12:00}", "names a day that has hours already"),
        ("{}", "default.hours: must not be empty"),
    ],
)
def test_hours_that_cannot_be_meant_get_a_sentence(folder: Folder, hours: str, sentence: str) -> None:
    folder.write(calendars=f"default:\n  hours: {hours}\n")

    (line,) = folder.faults()

    assert line.startswith("config/calendars.yaml:2: ")
    assert sentence in line


def test_unknown_countries_parts_days_and_calendars_are_named_together(folder: Folder) -> None:
    folder.write(
        calendars="owners: {anna: londn}\n"
        'london: {hours: {mon: "09:00-10:00"}, holidays: {country: UK}}\n'
        "default:\n"
        "  holidays: {country: DE, subdivision: XX}\n"
        "  closed: [24.12.2026]\n"
        "  timezon: UTC\n"
        "paris: 3\n"
    )

    lines = folder.faults()

    assert [line.split(": ", 2)[:2] for line in lines] == [
        ["config/calendars.yaml:1", "owners.anna"],
        ["config/calendars.yaml:2", "london.holidays.country"],
        ["config/calendars.yaml:4", "default.holidays.subdivision"],
        ["config/calendars.yaml:5", "default.closed[1]"],
        ["config/calendars.yaml:6", '"default.timezon" is not a setting; did you mean timezone?'],
        ["config/calendars.yaml:7", "paris"],
    ]
    assert "BE, BW, BY" in lines[2]
