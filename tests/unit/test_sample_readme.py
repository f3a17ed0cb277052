"""The sample's README says what the sample does."""

from pathlib import Path

from kpi.sources.sample import INTENDED, mix
from kpi.sources.sample.rows import COLUMNS

README = (Path(__file__).parents[2] / "kpi/sources/sample/README.md").read_text(encoding="utf-8")


def test_the_mix_and_the_density_in_the_readme_are_those_in_force() -> None:
    assert all(f"| {words} | {intended}" in README for words, intended in INTENDED.values() if intended != "–")
    assert f"**{mix.DENSITY:.1f} events per account" in README
    assert all(f"| {name} | " in README for name in mix.EVENT_FILES)


def test_the_readme_shows_every_trouble_as_it_is() -> None:
    for kind, trouble in mix.TROUBLES.items():
        falls = " | ".join(f"−{100 * fall:.0f} %" for fall in (trouble.talk, trouble.usage, trouble.answering))
        row = f"| {kind} | {100 * trouble.weight:.0f} % | {falls} | × {trouble.wait} | −{trouble.score} |"
        assert row in README


def test_the_readme_shows_the_header_of_the_truth() -> None:
    assert f"    {COLUMNS['truth']}\n" in README


def test_the_readme_tells_the_segments_and_countries() -> None:
    for segment in mix.SEGMENTS:
        assert segment.name in README
        assert f"{segment.mrr:,}" in README
    for country, share in {
        "Germany": "DE",
        "Britain": "GB",
        "Ireland": "IE",
        "Austria": "AT",
        "Switzerland": "CH",
    }.items():
        (found,) = (one.share for one in mix.COUNTRIES if one.code == share)
        assert f"{100 * found:.0f} % in {country}" in README
