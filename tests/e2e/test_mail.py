"""What an operator is told about links and e-mail before the bot runs."""

from pathlib import Path
from urllib.parse import quote

import httpx

from tests.postmaster import NAME, PASSWORD, serving
from tests.world import World

PUBLIC = {"KPIBOT_PUBLIC_URL": "https://kpibot.example.com", "KPIBOT_SECRET_KEY": "a key of sixteen characters"}
SENDER = {"KPIBOT_MAIL_FROM": "Example <feedback@example.com>"}


def test_doctor_says_what_is_missing_for_links_and_e_mail(shared_world: World, tmp_path: Path) -> None:
    said = shared_world.program("socket", KPIBOT_CONFIG=str(tmp_path)).call("doctor").stdout
    assert "clients are not asked by link: set KPIBOT_PUBLIC_URL and KPIBOT_SECRET_KEY" in said
    assert "no e-mails are sent: set KPIBOT_SMTP_URL and KPIBOT_MAIL_FROM" in said


def test_doctor_logs_in_to_the_mail_server_and_sends_nothing(shared_world: World, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        here = {"SSL_CERT_FILE": str(tmp_path / "server.crt"), "KPIBOT_CONFIG": str(tmp_path)}
        for password, said in ((PASSWORD, "takes e-mails of ours"), ("wrong", "refused the name or the password")):
            address = f"smtp://{NAME}:{quote(password, safe='')}@127.0.0.1:{server.port}"
            program = shared_world.program("socket", KPIBOT_SMTP_URL=address, **PUBLIC, **SENDER, **here)
            told = program.call("doctor").stdout
            assert "links that begin with https://kpibot.example.com/s/" in told
            assert said in told
            assert password not in told
    assert server.box.letters == []


def test_a_running_bot_serves_the_page(shared_world: World, tmp_path: Path) -> None:
    with shared_world.program("socket", KPIBOT_CONFIG=str(tmp_path), **PUBLIC).running() as bot:
        answer = httpx.get(f"{bot.url}/s/nowhere")
    assert answer.status_code == 404
    assert "This link is not valid" in answer.text
