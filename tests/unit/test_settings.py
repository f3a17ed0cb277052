"""The shipped configuration, the operator's over it, and one report of all that is wrong."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import load
from bot.settings.assemble import COMPUTED_KPIS
from bot.tongues import LANGUAGES
from kpi.errors import KpiError
from kpi.model import Instrument
from kpi.policy.surveys import Budget
from tests.configured import Folder


def test_without_any_file_or_variable_the_shipped_configuration_is_in_force(tmp_path: Path) -> None:
    settings = load({}, tmp_path)

    assert settings.policy.workspace.timezone.key == "Europe/Berlin"
    assert settings.policy.workspace.currency == "EUR"
    assert settings.policy.kpis["csat"].target == 80
    assert set(settings.policy.kpis) == COMPUTED_KPIS
    after_contact, relationship = settings.policy.surveys.programmes
    assert (after_contact.instrument, after_contact.delay) == (Instrument.CSAT, timedelta(hours=3))
    assert (relationship.instrument, relationship.every) == (Instrument.NPS, timedelta(days=90))
    assert settings.policy.surveys.budget == Budget()
    assert settings.digests.kpis == {
        "weekly": ("csat", "nps", "churn"),
        "monthly": ("csat", "nps", "churn", "retention", "response_time", "engagement", "communication_frequency"),
        "quarterly": ("csat", "nps", "retention", "upsell_success", "feedback_implementation", "sales_growth"),
        "half-yearly": ("upsell_ratio", "engagement_score"),
        "yearly": ("clv",),
    }
    assert settings.access.externally_shared == "direct_message"


def test_a_digest_shows_kpis_that_are_worth_a_look_that_often(tmp_path: Path) -> None:
    settings = load({}, tmp_path)

    shown = {(key, cadence) for cadence, keys in settings.digests.kpis.items() for key in keys}
    assert shown <= {(key, cadence) for key, kpi in settings.policy.kpis.items() for cadence in kpi.cadence}


def test_the_shipped_configuration_sets_no_exchange_rate_that_nobody_chose(tmp_path: Path) -> None:
    assert load({}, tmp_path).policy.workspace.rates == {}


def test_every_shipped_instrument_speaks_every_language_and_names_its_scale(tmp_path: Path) -> None:
    wordings = load({}, tmp_path).policy.surveys.wordings

    assert set(wordings) == {(each, code) for each in Instrument for code in LANGUAGES}
    assert wordings[Instrument.CSAT, "en"].labels[0] == wordings[Instrument.CSAT, "en"].low_label == "Very dissatisfied"
    assert len(wordings[Instrument.CSAT, "de"].labels) == 5
    assert wordings[Instrument.NPS, "en"].high_label == "Extremely likely"


def test_an_operators_file_changes_only_the_keys_it_names(folder: Folder) -> None:
    folder.write(workspace="timezone: America/New_York\n", kpis="csat: {target: 90}\n")

    policy = folder.load().policy

    assert policy.workspace.timezone.key == "America/New_York"
    assert policy.workspace.currency == "EUR"
    assert policy.kpis["csat"].target == 90
    assert policy.kpis["csat"].label == "Client satisfaction"


def test_an_operators_list_replaces_the_shipped_one(folder: Folder) -> None:
    folder.write(digests="kpis: {weekly: [churn]}\n", surveys="programmes: {after_contact: {after: [workshop]}}\n")

    settings = folder.load()

    assert settings.digests.kpis["weekly"] == ("churn",)
    assert settings.digests.kpis["yearly"] == ("clv",)
    assert settings.policy.surveys.programmes[0].kinds == ("workshop",)


@pytest.mark.parametrize("text", ["", "# timezone: UTC\n", "---\n", "rates:\n  # USD: 1\n", "\ufeffcurrency: EUR\n"])
def test_a_file_whose_settings_are_commented_out_changes_nothing(folder: Folder, text: str) -> None:
    folder.write(workspace=text)

    assert folder.load().policy.workspace.currency == "EUR"


def test_rates_are_plain_or_dated_and_in_order_of_their_days(folder: Folder) -> None:
    folder.write(workspace="rates:\n  GBP: 1.15\n  USD: {2026-07-01: 0.90, 2026-01-01: 0.92}\n")

    rates = folder.load().policy.workspace.rates

    assert rates["GBP"] == ((date.min, Decimal("1.15")),)
    assert rates["USD"] == ((date(2026, 1, 1), Decimal("0.92")), (date(2026, 7, 1), Decimal("0.90")))


def test_faults_of_all_files_and_the_environment_come_in_one_sorted_report(folder: Folder) -> None:
    folder.write(
        workspace="# ours\ncurrency: EUX\ntimezone: Europe/Berlim\ntimezone: UTC\nlanguge: en\nfiscal_year_start: 13\n",
        surveys="edit: 3 hours\nbudget: {account: {asks: -1}}\n",
        digests="kpis:\n  weekly: [csat, npps]\n",
        access="externally_shared: public\n",
    )

    assert folder.faults(SLACK_SIGNING_SECRET="", DATABASE_URL="mysql://root:hush@db/kpi") == [
        "DATABASE_URL: is not a PostgreSQL address, and nothing else is supported; "
        "write it like postgresql://user:password@host:5432/database",
        "SLACK_SIGNING_SECRET: is set but empty, and anybody could forge requests; "
        "copy the signing secret from the app's Basic Information page, or unset the variable",
        'config/access.yaml:1: externally_shared: "public" must be one of direct_message, ephemeral or refuse',
        'config/digests.yaml:2: kpis.weekly[2]: "npps" is not a KPI; did you mean nps?',
        'config/surveys.yaml:1: edit: "3 hours" is not a length of time; '
        "write minutes, hours or days like 90m, 3h or 2d",
        'config/surveys.yaml:2: budget.account.asks: "-1" must be at least 0',
        'config/workspace.yaml:2: currency: "EUX" is not an ISO 4217 currency code',
        'config/workspace.yaml:3: timezone: "Europe/Berlim" is not a known time zone; did you mean Europe/Berlin?',
        'config/workspace.yaml:4: "timezone" is set twice; the first time in line 3',
        'config/workspace.yaml:5: "languge" is not a setting; did you mean language?',
        'config/workspace.yaml:6: fiscal_year_start: "13" must be at most 12',
    ]


def test_a_fault_in_one_place_does_not_hide_a_contradiction_in_another(folder: Folder) -> None:
    folder.write(kpis="csat: {label: 12, target: 101}\nchurn: {synonyms: [NPS]}\n")

    assert folder.faults() == [
        'config/kpis.yaml:1: csat.label: "12" must be text; put it in quotes',
        'config/kpis.yaml:1: csat.target: "101" must lie between 0 and 100 percent',
        'config/kpis.yaml:2: churn.synonyms[1]: "NPS" already means nps; a word may lead to one KPI only',
    ]


ONE_FAULT = [
    ("workspace", "currency: eur", 'currency: "eur" is not an ISO 4217 currency code; did you mean EUR?'),
    ("workspace", "timezone: 3", 'timezone: "3" must be text; put it in quotes'),
    ("workspace", "timezone:", "timezone: is empty; give it a value, or remove the line"),
    ("workspace", "timezone: ../etc/passwd", 'timezone: "../etc/passwd" is not a known time zone'),
    ("workspace", "fiscal_year_start: April", 'fiscal_year_start: "April" must be a whole number'),
    ("workspace", "fiscal_year_start: true", 'fiscal_year_start: "true" must be a whole number'),
    ("workspace", "gross_margin: 70", 'gross_margin: "70" must lie between 0 and 1; 70 percent is 0.70'),
    ("workspace", "discount_rate: '0.1'", 'discount_rate: "0.1" must be a number, like 12 or 0.5'),
    ("workspace", "language: klingon", 'language: "klingon" is not a language code such as en, de or pt-BR'),
    ("workspace", "language: sv", 'language: "sv" has no words for every survey; add wordings for it to surveys.yaml'),
    ("workspace", "rates: {EUR: 1}", 'rates.EUR: "1" is the rate of the reporting currency itself; remove it'),
    (
        "workspace",
        "rates: {USD: 0}",
        'rates.USD: "0" must be greater than 0: what one unit is worth in the reporting currency',
    ),
    ("workspace", "rates: {USD: {}}", "rates.USD: must not be empty"),
    ("workspace", "rates: {USD: {soon: 1}}", '"rates.USD.soon" is not a day; write it like 2026-12-24'),
    ("workspace", "rates: {USD: {2026-02-30: 1}}", '"rates.USD.2026-02-30" is a day that does not exist'),
    ("workspace", "rates: {USX: 1}", '"rates.USX" is not an ISO 4217 currency code'),
    ("workspace", "rates: 3", 'rates: "3" must be a group of settings, one `key: value` per line'),
    ("workspace", "- timezone", "must be a group of settings, one `key: value` per line"),
    ("kpis", "cast: {label: x}", '"cast" is not a KPI; did you mean csat?'),
    ("kpis", "csat: {doc: {formule: x}}", '"csat.doc.formule" is not a setting; did you mean formula?'),
    ("kpis", "nps: {synonyms: [likely, 5]}", 'nps.synonyms[2]: "5" must be text; put it in quotes'),
    ("kpis", "nps: {synonyms: likely}", 'nps.synonyms: "likely" must be a list, like [one, two]'),
    ("kpis", "nps: {better: sideways}", 'nps.better: "sideways" must be one of up or down'),
    ("kpis", "nps: {better: down}", 'nps.better: "down" must be up; the arithmetic of nps is not configuration'),
    ("kpis", "nps: {unit: hours}", 'nps.unit: "hours" must be points; the arithmetic of nps is not configuration'),
    (
        "kpis",
        "csat: {min_n: 4, definition_version: 2}",
        'csat.min_n: "4" must be at least 5: fewer answers than that are people, and stay private',
    ),
    ("kpis", "nps: {status: retired}", 'nps.status: "retired" must be one of draft, active or deprecated'),
    (
        "kpis",
        "nps: {windows: [ever]}",
        'nps.windows[1]: "ever" is not a window; write it like last 90 days or last 12 months',
    ),
    (
        "surveys",
        "wordings: {csat: {en: {version: a, labels: [bad, good]}}}",
        "wordings.csat.en.labels: has 2 names for the 5 points of csat",
    ),
    (
        "surveys",
        "wordings: {nps: {en: {question: Well}}}",
        "wordings.nps.en: has new words; give it a version other than nps-en-1",
    ),
    (
        "surveys",
        f"wordings: {{nps: {{en: {{version: a, question: {'w' * 501}}}}}}}",
        f'wordings.nps.en.question: "{"w" * 59}…" must not be longer than 500 characters',
    ),
    (
        "digests",
        "kpis: {daily: [csat]}",
        '"kpis.daily" must be one of weekly, monthly, quarterly, half-yearly or yearly',
    ),
    ("digests", "comments: 11", 'comments: "11" must be at most 10'),
    ("digests", "catch_up: never", 'catch_up: "never" must be one of skip, latest or all'),
    (
        "access",
        "operators: [anna]",
        'operators[1]: "anna" is not a Slack user id; copy it from the person\'s profile, as in U012AB3CD',
    ),
]


@pytest.mark.parametrize(("file", "text", "sentence"), ONE_FAULT, ids=[each[1][:40] for each in ONE_FAULT])
def test_a_single_mistake_is_one_sentence_with_its_place(folder: Folder, file: str, text: str, sentence: str) -> None:
    folder.write(**{file: f"# line one\n{text}\n"})

    assert folder.faults() == [f"config/{file}.yaml:2: {sentence}"]


def test_no_sentence_is_in_the_words_of_the_checking_library() -> None:
    for _, _, sentence in ONE_FAULT:
        assert "Input should" not in sentence
        assert "cannot be used here" not in sentence


def test_a_new_wording_needs_both_ends_of_its_scale(folder: Folder) -> None:
    texts = "version: v1, question: Alors, thanks: Merci, comment_prompt: Pourquoi, low_label: Non"
    folder.write(surveys=f"wordings:\n  nps:\n    lb: {{{texts}}}\n")

    assert folder.faults() == [
        "config/surveys.yaml:3: wordings.nps.lb: "
        "must name both ends of the scale with low_label and high_label, or every point with labels"
    ]


def test_a_kpi_out_of_use_cannot_stand_in_a_digest(folder: Folder) -> None:
    folder.write(kpis="nps: {status: deprecated}\n", digests="kpis:\n  weekly:\n    - csat\n    - nps\n    - csat\n")

    assert folder.faults() == [
        'config/digests.yaml:4: kpis.weekly[2]: "nps" is deprecated in kpis.yaml; a digest shows active KPIs',
        'config/digests.yaml:5: kpis.weekly[3]: "csat" is listed twice',
    ]


def test_a_shipped_digest_leaves_out_what_is_out_of_use(folder: Folder) -> None:
    folder.write(kpis="nps: {status: deprecated}\nclv: {status: draft}\n", digests="kpis: {weekly: [csat]}\n")

    shown = folder.load().digests.kpis

    assert (shown["weekly"], shown["yearly"]) == (("csat",), ())
    assert shown["quarterly"] == ("csat", "retention", "upsell_success", "feedback_implementation", "sales_growth")


def test_a_misspelt_file_is_not_silently_ignored(folder: Folder) -> None:
    (folder.config / "survey.yaml").write_text("delay: 1h\n")
    (folder.config / "workspace.yml").write_text("currency: USD\n")
    (folder.config / "README.md").write_text("Ask Anna before changing anything.\n")

    survey, workspace = folder.faults()

    assert survey.startswith("config/survey.yaml: is not a configuration file; did you mean surveys.yaml?")
    assert workspace.startswith("config/workspace.yml: is not a configuration file; did you mean workspace.yaml?")


def test_a_chosen_configuration_directory_must_exist(folder: Folder) -> None:
    (folder.path / "file").write_text("")

    assert folder.faults(KPIBOT_CONFIG="nowhere") == [
        "KPIBOT_CONFIG: nowhere cannot be read as a directory: No such file or directory"
    ]
    assert folder.faults(KPIBOT_CONFIG="file") == ["KPIBOT_CONFIG: file cannot be read as a directory: Not a directory"]


def test_a_directory_outside_is_named_by_its_full_path(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "access.yaml").write_text("externally: true\n")

    assert folder.faults(KPIBOT_CONFIG=str(elsewhere))[0].startswith(f"{elsewhere}/access.yaml:1: ")


def test_what_slack_needs_is_asked_for_in_one_sentence(folder: Folder) -> None:
    with pytest.raises(KpiError, match=r"SLACK_BOT_TOKEN and SLACK_APP_TOKEN \(Socket Mode\) or .*slack-setup\.md"):
        folder.load().require_slack()
    with pytest.raises(KpiError, match="without SLACK_BOT_TOKEN;"):
        folder.load(SLACK_APP_TOKEN="xapp-1").require_slack()


@pytest.mark.parametrize("way", [{"SLACK_APP_TOKEN": "xapp-1"}, {"SLACK_SIGNING_SECRET": "8f742231b10e"}])
def test_either_way_to_slack_suffices(folder: Folder, way: dict[str, str]) -> None:
    slack = folder.load(SLACK_BOT_TOKEN="xoxb-1", **way).require_slack()

    assert slack.bot_token.get_secret_value() == "xoxb-1"
    assert slack.api_url == "https://slack.com/api/"


def test_a_digest_may_only_wait_as_long_as_its_window_says(folder: Folder) -> None:
    folder.write(digests="catch_up: all\nwindows: {weekly: 36h}\n")

    digests = folder.load().digests

    assert digests.catch_up == "all"
    assert digests.windows["weekly"] == timedelta(hours=36)
    assert digests.windows["monthly"] == timedelta(days=7)
