"""The environment: secrets, addresses and places."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.addresses import api_address, http_address, is_private, mail_address, postgres_address, smtp_address
from bot.settings.faults import Fault, nearest
from bot.settings.secret_files import with_files
from bot.settings.sentences import describe

LogFormat = Literal["console", "json"]

SHORTEST_KEY = 16
LOOKALIKE = 88

TOKEN_KINDS = {
    "xoxb-": "a bot token, which belongs in SLACK_BOT_TOKEN",
    "xapp-": "an app-level token, which belongs in SLACK_APP_TOKEN",
    "xoxp-": "a user token, which this bot does not use",
}
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_SECRET",
    "DATABASE_URL",
    "KPIBOT_SECRET_KEY",
    "KPIBOT_SMTP_URL",
)
TOGETHER = (("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"), ("KPIBOT_SMTP_URL", "KPIBOT_MAIL_FROM"))
"""Variables that mean nothing without each other."""

NEVER_EMPTY = {
    "SLACK_SIGNING_SECRET": "is set but empty, and anybody could forge requests; "
    "copy the signing secret from the app's Basic Information page, or unset the variable",
    "KPIBOT_SECRET_KEY": "is set but empty; give at least one key, or unset the variable",
}


def _token(prefix: str) -> AfterValidator:
    def check(token: SecretStr) -> SecretStr:
        text = token.get_secret_value()
        if not text.startswith(prefix):
            other = next((kind for start, kind in TOKEN_KINDS.items() if text.startswith(start)), None)
            raise ValueError(f"must begin with {prefix}" + (f"; this is {other}" if other else ""))
        return token

    return AfterValidator(check)


def _keys(value: Any) -> Any:
    keys = tuple(part.strip() for part in str(value).split(","))
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ValueError(f"needs keys of at least {SHORTEST_KEY} characters, the newest first, separated by commas")
    return keys


def _database(value: SecretStr) -> SecretStr:
    return SecretStr(postgres_address(value.get_secret_value()))


def _smtp(value: SecretStr) -> SecretStr:
    return SecretStr(smtp_address(value.get_secret_value()))


def _port(value: Any) -> Any:
    if str(value).startswith("tcp://"):
        raise ValueError(
            "was set by Kubernetes for a Service of the same name; set enableServiceLinks: false on the pod"
        )
    return value


def _log_format() -> LogFormat:
    return "console" if sys.stderr.isatty() else "json"


class Environment(BaseSettings):
    """What the environment says. It is handed in: nothing is read from the process itself."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=False, hide_input_in_errors=True)

    bot_token: Annotated[SecretStr, _token("xoxb-")] | None = Field(None, alias="SLACK_BOT_TOKEN")
    app_token: Annotated[SecretStr, _token("xapp-")] | None = Field(None, alias="SLACK_APP_TOKEN")
    signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    client_id: str | None = Field(None, alias="SLACK_CLIENT_ID")
    client_secret: SecretStr | None = Field(None, alias="SLACK_CLIENT_SECRET")
    slack_api_url: Annotated[str, AfterValidator(api_address)] = Field("https://slack.com/api/", alias="SLACK_API_URL")
    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = Field(None, alias="DATABASE_URL")
    config_dir: Path = Field(Path("config"), alias="KPIBOT_CONFIG")
    data_dir: Path = Field(Path("data"), alias="KPIBOT_DATA")
    secret_keys: Annotated[tuple[SecretStr, ...], BeforeValidator(_keys)] = Field((), alias="KPIBOT_SECRET_KEY")
    public_url: Annotated[str, AfterValidator(http_address)] | None = Field(None, alias="KPIBOT_PUBLIC_URL")
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp)] | None = Field(None, alias="KPIBOT_SMTP_URL")
    mail_from: Annotated[str, AfterValidator(mail_address)] | None = Field(None, alias="KPIBOT_MAIL_FROM")
    log_format: LogFormat = Field(default_factory=_log_format, alias="KPIBOT_LOG_FORMAT")
    host: str = Field("127.0.0.1", alias="KPIBOT_HOST")
    port: Annotated[int, BeforeValidator(_port), Field(ge=0, le=65535)] = Field(3000, alias="KPIBOT_PORT")
    postgres_port: Annotated[int, BeforeValidator(_port), Field(ge=1024, le=65535)] | None = Field(
        None, alias="KPIBOT_POSTGRES_PORT"
    )
    stall_seconds: Annotated[float, Field(ge=1, le=3600, allow_inf_nan=False)] = Field(30, alias="KPIBOT_STALL_SECONDS")
    tick_seconds: Annotated[float, Field(ge=0.1, le=3600, allow_inf_nan=False)] = Field(10, alias="KPIBOT_TICK_SECONDS")

    @property
    def has_links(self) -> bool:
        """Whether a client can be sent a link to the survey's page."""
        return bool(self.secret_keys) and self.public_url is not None

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in."""
        return (sources["init_settings"],)


NAMES = tuple(field.alias or name for name, field in Environment.model_fields.items())


def read(environ: Mapping[str, str], cwd: Path, faults: list[Fault]) -> Environment | None:
    """The checked environment; None when `faults` says why not. Blank variables count as not set."""
    before = len(faults)
    given = with_files(environ, SECRETS, cwd, faults)
    faults += _refused(environ, given)
    values = {name: given[name].strip() for name in NAMES if given.get(name, "").strip()}
    for name, place in (("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        values[name] = str(cwd / values.get(name, place))
    try:
        environment = Environment.model_validate(values)
    except ValidationError as error:
        faults += [Fault(str(each["loc"][0]), 0, describe(each)) for each in error.errors(include_url=False)]
        return None
    return environment if len(faults) == before else None


def _refused(environ: Mapping[str, str], given: Mapping[str, str]) -> Iterator[Fault]:
    for name, sentence in NEVER_EMPTY.items():
        if name in environ and not environ[name].strip() and not environ.get(f"{name}_FILE"):
            yield Fault(name, 0, sentence)
    for one, other in TOGETHER:
        if bool(given.get(one, "").strip()) != bool(given.get(other, "").strip()):
            yield Fault(one, 0, f"and {other} go together; set both or neither")
    yield from _unlinked(given)
    known = {*NAMES, *(f"{name}_FILE" for name in SECRETS)}
    for name in sorted(environ):
        if name.startswith("KPIBOT_") and name not in known and (close := nearest(name, known, LOOKALIKE)):
            yield Fault(name, 0, f"is not a variable of this program; did you mean {close}?")


def _unlinked(given: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with the address of links: anybody on the way could read one that is not encrypted."""
    address, key = (given.get(name, "").strip() for name in ("KPIBOT_PUBLIC_URL", "KPIBOT_SECRET_KEY"))
    if address.lower().startswith("http://") and key and not is_private(address):
        sentence = "must begin with https://: with KPIBOT_SECRET_KEY clients get links to it, which are for them alone"
        yield Fault("KPIBOT_PUBLIC_URL", 0, sentence)
    if given.get("KPIBOT_SMTP_URL", "").strip() and not (address and key):
        yield Fault("KPIBOT_SMTP_URL", 0, "needs KPIBOT_PUBLIC_URL and KPIBOT_SECRET_KEY: what is sent is a link")
