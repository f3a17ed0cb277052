"""kpis.yaml: what may be decided about a KPI, and what needs a version of its own."""

import pytest

from bot.settings import SettingsFault, load
from bot.settings.assemble import COMPUTED_KPIS
from tests.configured import Folder


def test_every_kpi_that_is_computed_may_be_configured_and_must_then_be_complete(folder: Folder) -> None:
    folder.write(kpis="cups_of_tea: {label: Tea}\n")

    with pytest.raises(SettingsFault, match=r'"cups_of_tea\.question" is missing'):
        load({}, folder.path, computed=COMPUTED_KPIS | {"cups_of_tea"})


def test_a_definition_that_is_no_longer_the_shipped_one_needs_a_version_of_its_own(folder: Folder) -> None:
    folder.write(
        kpis="clv: {variant: formula}\nchurn: {label: Losses, target: 3}\ncsat:\n  doc: {formula: five only}\n"
    )

    assert folder.faults() == [
        f"config/kpis.yaml:{line}: {key}: is defined otherwise than as shipped; "
        "give it a definition_version above 1, so that figures of before stay what they are"
        for line, key in ((1, "clv"), (3, "csat"))
    ]


def test_a_window_reaches_no_further_back_than_can_be_asked_for(folder: Folder) -> None:
    folder.write(kpis="csat: {windows: [last 999 years]}\nnps: {windows: [last 10 years]}\n")

    assert folder.faults() == [
        'config/kpis.yaml:1: csat.windows[1]: "last 999 years" reaches too far back; ask for 1 to 10 years'
    ]


def test_a_definition_with_a_new_version_is_in_force(folder: Folder) -> None:
    folder.write(kpis="clv: {variant: formula, definition_version: 2}\n")

    clv = folder.load().policy.kpis["clv"]
    assert (clv.variant, clv.definition_version) == ("formula", 2)


def test_a_variant_that_does_not_exist_is_named_with_those_that_do(folder: Folder) -> None:
    folder.write(kpis="clv: {variant: magic, definition_version: 2}\n")

    assert folder.faults() == [
        'config/kpis.yaml:1: clv.variant: "magic" is not a variant of clv; there are survival, formula, historic'
    ]


@pytest.mark.parametrize(
    ("key", "target", "fault"),
    [("csat", 101, "between 0 and 100 percent"), ("nrr", 110, None),
     ("clv", -1, "between 0 and 1,000,000,000,000 money"),
     ("response_time", 4, None), ("nps", -101, "between -100 and 100 points"), ("sales_growth", -5, None)],
)  # fmt: skip
def test_a_target_lies_where_the_value_can(folder: Folder, key: str, target: int, fault: str | None) -> None:
    folder.write(kpis=f"{key}: {{target: {target}}}\n")
    if fault is None:
        assert folder.load().policy.kpis[key].target == target
    else:
        assert folder.faults()[0].endswith(f"must lie {fault}")
