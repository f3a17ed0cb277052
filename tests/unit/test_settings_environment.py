"""Secrets, addresses and places: what the environment may say."""

import pytest

from bot.settings import Settings
from tests.configured import Folder

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hush-1",
    "SLACK_APP_TOKEN": "xapp-hush-2",
    "SLACK_SIGNING_SECRET": "hush-3",
    "SLACK_CLIENT_SECRET": "hush-4",
    "DATABASE_URL": "postgresql://kpi:hush-5@db/kpi",
    "KPIBOT_SECRET_KEY": "hush-6-0123456789",
    "KPIBOT_SMTP_URL": "smtp://kpibot:hush-7@mail",
}
REST = {
    "SLACK_CLIENT_ID": "12.34",
    "KPIBOT_MAIL_FROM": "feedback@example.com",
    "KPIBOT_PUBLIC_URL": "https://kpi.example",
}
"""What the secrets need beside them."""


def secret_values(settings: Settings) -> list[str]:
    given = settings.environment
    slack = (given.bot_token, given.app_token, given.signing_secret, given.client_secret)
    return [
        each.get_secret_value() for each in (*slack, given.database_url, given.smtp_url, *given.secret_keys) if each
    ]


def test_a_secret_is_never_printed(folder: Folder) -> None:
    settings = folder.load(**SECRETS, **REST)

    assert len(secret_values(settings)) == 7
    assert "hush" not in repr(settings) + str(settings.environment) + settings.environment.model_dump_json()


def test_a_refused_secret_is_not_printed_either(folder: Folder) -> None:
    lines = folder.faults(
        SLACK_BOT_TOKEN="hush-1",
        SLACK_APP_TOKEN="hush-2",
        DATABASE_URL="hush://3",
        KPIBOT_SECRET_KEY="hush",
        KPIBOT_PUBLIC_URL="ftp://hush@x",
        KPIBOT_SMTP_URL="hush://kpibot:hush@mail",
        KPIBOT_MAIL_FROM="hush",
    )

    assert len(lines) == 7
    assert "hush" not in "".join(lines)


def test_every_secret_may_come_as_a_file(folder: Folder) -> None:
    environ = dict(REST)
    for name, secret in SECRETS.items():
        (folder.path / name).write_text(f"{secret}\n")
        environ[f"{name}_FILE"] = name if name == "SLACK_BOT_TOKEN" else str(folder.path / name)

    from_files = folder.load(**environ)

    assert secret_values(from_files) == secret_values(folder.load(**SECRETS, **REST))


def test_a_secret_given_twice_missing_or_empty_is_named(folder: Folder) -> None:
    (folder.path / "blank").write_text(" \n")
    (folder.path / "binary").write_bytes(b"\xff\xfe\x00")
    (folder.path / "huge").write_text("x" * 20_000)

    lines = folder.faults(
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_BOT_TOKEN_FILE="blank",
        SLACK_APP_TOKEN_FILE="missing",
        SLACK_SIGNING_SECRET_FILE="blank",
        SLACK_CLIENT_SECRET_FILE="binary",
        DATABASE_URL_FILE=str(folder.config),
        KPIBOT_SECRET_KEY_FILE="huge",
    )

    at = folder.path
    assert [line for line in lines if "_FILE" in line] == [
        f"DATABASE_URL_FILE: {folder.config} cannot be read: Is a directory",
        f"KPIBOT_SECRET_KEY_FILE: {at}/huge is larger than 16 KiB; is it the right file?",
        f"SLACK_APP_TOKEN_FILE: {at}/missing cannot be read: No such file or directory",
        "SLACK_BOT_TOKEN_FILE: is set beside SLACK_BOT_TOKEN; keep one of the two",
        f"SLACK_CLIENT_SECRET_FILE: {at}/binary is not text; it should hold the secret and nothing else",
        f"SLACK_SIGNING_SECRET_FILE: {at}/blank is empty; it should hold the secret and nothing else",
    ]


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_an_empty_signing_secret_is_refused(folder: Folder, blank: str) -> None:
    (line,) = folder.faults(SLACK_SIGNING_SECRET=blank)

    assert line.startswith("SLACK_SIGNING_SECRET: is set but empty, and anybody could forge requests")


def test_other_blank_variables_count_as_not_set(folder: Folder) -> None:
    environment = folder.load(SLACK_APP_TOKEN="", DATABASE_URL=" ", KPIBOT_PORT="", KPIBOT_CONFIG="").environment

    assert environment.app_token is None
    assert environment.database_url is None
    assert environment.port == 3000


def test_swapped_tokens_are_recognised(folder: Folder) -> None:
    assert folder.faults(SLACK_BOT_TOKEN="xapp-1", SLACK_APP_TOKEN="xoxb-1") == [
        "SLACK_APP_TOKEN: must begin with xapp-; this is a bot token, which belongs in SLACK_BOT_TOKEN",
        "SLACK_BOT_TOKEN: must begin with xoxb-; this is an app-level token, which belongs in SLACK_APP_TOKEN",
    ]


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p%40@h:5433/d?sslmode=require", "postgresql+psycopg://u:p%40@h:5433/d?sslmode=require"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("postgresql:///d?host=/run/postgresql", "postgresql+psycopg:///d?host=/run/postgresql"),
    ],
)
def test_usual_spellings_of_a_postgresql_address_are_understood(folder: Folder, written: str, used: str) -> None:
    url = folder.load(DATABASE_URL=written).environment.database_url

    assert url is not None
    assert url.get_secret_value() == used


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("sqlite:///kpi.db", "is not a PostgreSQL address"),
        ("postgresql+asyncpg://h/d", "is not a PostgreSQL address"),
        ("localhost", "is not a PostgreSQL address"),
        ("postgresql://h", "names no database"),
        ("postgresql://h:port/d", "has a host or port that cannot be read"),
        ("postgresql://[h/d", "has a host or port that cannot be read"),
    ],
)
def test_any_other_database_address_gets_a_sentence(folder: Folder, written: str, said: str) -> None:
    (line,) = folder.faults(DATABASE_URL=written)

    assert line.startswith(f"DATABASE_URL: {said}")


@pytest.mark.parametrize("written", ["http://127.0.0.1:9000/api", "http://127.0.0.1:9000/api/"])
def test_slacks_address_ends_in_one_slash(folder: Folder, written: str) -> None:
    assert folder.load(SLACK_API_URL=written).environment.slack_api_url == "http://127.0.0.1:9000/api/"


def test_web_addresses_and_numbers_are_checked(folder: Folder) -> None:
    assert folder.faults(
        SLACK_API_URL="slack.com/api",
        KPIBOT_PUBLIC_URL="https://kpi.example/?a=b",
        KPIBOT_PORT="70000",
        KPIBOT_STALL_SECONDS="soon",
        KPIBOT_TICK_SECONDS="nan",
        KPIBOT_LOG_FORMAT="xml",
        SLACK_CLIENT_ID="12.34",
    ) == [
        "KPIBOT_LOG_FORMAT: must be one of console or json",
        "KPIBOT_PORT: must be at most 65535",
        "KPIBOT_PUBLIC_URL: must be a web address without ? and #",
        "KPIBOT_STALL_SECONDS: must be a number",
        "KPIBOT_TICK_SECONDS: must be a number",
        "SLACK_API_URL: must be a web address that begins with https:// or http://",
        "SLACK_CLIENT_ID: and SLACK_CLIENT_SECRET go together; set both or neither",
    ]


def test_a_port_that_kubernetes_has_set_is_explained(folder: Folder) -> None:
    (line,) = folder.faults(KPIBOT_PORT="tcp://10.0.0.1:3000")

    assert "enableServiceLinks" in line


def test_a_misspelt_variable_is_noticed_and_a_strange_one_is_not_ours(folder: Folder) -> None:
    assert folder.faults(KPIBOT_CONFG="etc", KPIBOT_TEST_DATABASE_URL="x", SLACK_API_TOKEN="x", HOME="/root") == [
        "KPIBOT_CONFG: is not a variable of this program; did you mean KPIBOT_CONFIG?"
    ]


def test_secret_keys_rotate_newest_first(folder: Folder) -> None:
    keys = folder.load(KPIBOT_SECRET_KEY="newest-0123456789, older-01234567890").environment.secret_keys

    assert [key.get_secret_value() for key in keys] == ["newest-0123456789", "older-01234567890"]


def test_places_are_relative_to_the_working_directory(folder: Folder) -> None:
    environment = folder.load(KPIBOT_DATA="var/kpi").environment

    assert environment.data_dir == folder.path / "var/kpi"
    assert environment.config_dir == folder.config


def test_only_what_is_handed_in_counts(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-from-the-process")

    assert folder.load().environment.bot_token is None


@pytest.mark.parametrize(
    "written", ["smtp://u:p%40@mail:587", "smtps://u:p@mail", "smtp://localhost:25", "smtp://[::1]"]
)
def test_usual_spellings_of_a_mail_servers_address_are_understood(folder: Folder, written: str) -> None:
    url = folder.load(**REST, KPIBOT_SECRET_KEY="0123456789abcdef", KPIBOT_SMTP_URL=written, SLACK_CLIENT_SECRET="x")

    assert url.environment.smtp_url is not None
    assert url.environment.smtp_url.get_secret_value() == written


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mail.example.com", "is not a mail server's address"),
        ("https://mail.example.com", "is not a mail server's address"),
        ("smtp://:587", "is not a mail server's address"),
        ("smtp://mail:port", "has a host or port that cannot be read"),
        ("smtp://name@mail", "must be a host with a name and a password, or neither"),
        ("smtp://u:p@mail/box", "must be a host with a name and a password, or neither"),
    ],
)
def test_any_other_mail_server_gets_a_sentence(folder: Folder, written: str, said: str) -> None:
    mail = {"KPIBOT_SMTP_URL": written, "KPIBOT_MAIL_FROM": "Example <feedback@example.com>"}

    (line,) = folder.faults(**mail, KPIBOT_PUBLIC_URL="https://kpi.example", KPIBOT_SECRET_KEY="0123456789abcdef")

    assert line.startswith(f"KPIBOT_SMTP_URL: {said}")


@pytest.mark.parametrize("sender", ["feedback", "a@b, c@d", "a@b\nBcc: c@d", "@b", "fëedback@example.com"])
def test_a_sender_is_one_address(folder: Folder, sender: str) -> None:
    mail = {"KPIBOT_SMTP_URL": "smtp://mail", "KPIBOT_MAIL_FROM": sender}

    (line,) = folder.faults(**mail, KPIBOT_PUBLIC_URL="https://kpi.example", KPIBOT_SECRET_KEY="0123456789abcdef")

    assert line.startswith("KPIBOT_MAIL_FROM: must be one e-mail address")


def test_an_e_mail_needs_a_sender_and_a_link_to_send(folder: Folder) -> None:
    assert folder.faults(KPIBOT_SMTP_URL="smtp://mail") == [
        "KPIBOT_SMTP_URL: and KPIBOT_MAIL_FROM go together; set both or neither",
        "KPIBOT_SMTP_URL: needs KPIBOT_PUBLIC_URL and KPIBOT_SECRET_KEY: what is sent is a link",
    ]


@pytest.mark.parametrize(
    "address", ["http://kpi.example", "HTTP://kpi.example:3000", "http://localhost.example", "http://["]
)
def test_links_are_not_sent_to_an_address_that_is_not_encrypted(folder: Folder, address: str) -> None:
    lines = folder.faults(KPIBOT_PUBLIC_URL=address, KPIBOT_SECRET_KEY="0123456789abcdef")

    assert lines[-1].startswith("KPIBOT_PUBLIC_URL: must begin with https://")


@pytest.mark.parametrize("address", ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"])
def test_on_ones_own_machine_links_need_no_encryption(folder: Folder, address: str) -> None:
    environment = folder.load(KPIBOT_PUBLIC_URL=address, KPIBOT_SECRET_KEY="0123456789abcdef").environment

    assert environment.has_links
    assert not folder.load(KPIBOT_PUBLIC_URL=address).environment.has_links
