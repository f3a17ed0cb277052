"""`kpibot token` as an operator calls it, up to the moment a token has leaked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.clock import utc_now
from kpi.errors import KpiError
from kpi.services.tokens import NotRecognised, Tokens
from kpi.store.store import Store


@pytest.fixture(autouse=True)
def desk(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", migrated_url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)


def call(*words: str) -> str:
    ended = CliRunner().invoke(cli, ["token", *words], env={"COLUMNS": "120"})
    if isinstance(ended.exception, KpiError):
        return str(ended.exception)
    assert ended.exception is None, ended.exception
    return ended.output.strip()


def test_a_revoked_token_is_not_known_from_then_on_and_the_others_are(store: Store) -> None:
    tokens = Tokens(store, utc_now)
    leaked, kept = call("create", "crm [old]"), call("create", "crm")
    assert call("revoke", "crm [old]") == "The token “crm [old]” is revoked."
    assert tokens.check(f"Bearer {kept}", "write") == "crm"
    with pytest.raises(NotRecognised, match="or it was revoked"):
        tokens.check(f"Bearer {leaked}", "write")


def test_the_list_tells_what_each_may_do_and_never_the_token_itself() -> None:
    assert call("list") == "There are no tokens."
    token = call("create", "crm [old]", "--scope", "read", "--scope", "write")
    call("revoke", "crm [old]")
    today = f"{utc_now():%Y-%m-%d}"
    assert call("list").splitlines()[1].split() == ["crm", "[old]", "read,", "write", today, today]
    (told,) = json.loads(call("list", "--json"))
    assert set(told) == {"name", "scopes", "created_at", "last_used_at", "revoked_at"}
    assert told["revoked_at"] is not None
    assert token not in call("list", "--json")


def test_revoking_what_is_not_there_says_where_to_look() -> None:
    call("create", "crm")
    call("revoke", "crm")
    for name in ("crm", "erp"):
        assert call("revoke", name) == f"There is no token “{name}” to revoke; `kpibot token list` shows them."
