"""A letter goes once, to one address, and what became of it has an exact word."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail import Letter, Mail, mail
from bot.outcomes import Ambiguous, Rejected, Unsent
from kpi.errors import KpiError
from kpi.services.deliveries import Claim
from tests.postmaster import NAME, SENDER, Box, gateway, saying, serving
from tests.rude_server import free_port

LINK = "https://kpibot.example.com/s/" + "gAAAAA_-" * 20
LETTER = Letter("carla@acme.example", "One short question", f"Hello Carla,\n\none click: {LINK}\n\nThank you!\n", LINK)
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
}
HELLO = ("220 here", "250 hello")


def to(port: int) -> Mail:
    return Mail(f"smtp://127.0.0.1:{port}", SENDER)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_letter_arrives_encrypted_and_as_it_was_written(tmp_path: Path, scheme: str) -> None:
    with serving(tmp_path, starttls=scheme == "smtp", smtps=scheme == "smtps") as server:
        gateway(server, scheme).send(LETTER)

    letter = server.box.letter()
    assert (letter["From"], letter["To"], letter["Subject"]) == (SENDER, "carla@acme.example", "One short question")
    assert letter.get_content().splitlines() == LETTER.text.splitlines()
    assert server.box.letters[0][0].rcpt_tos == ["carla@acme.example"]


def test_it_says_that_a_machine_wrote_it_and_where_to_decline(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        gateway(server).send(LETTER)

    letter = server.box.letter()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == f"<{LINK}>"
    assert letter["Message-ID"].endswith("@example.com>")
    assert letter["Date"]


def test_it_holds_what_mail_servers_ask_of_lines(tmp_path: Path) -> None:
    text = ".\n..\n.hidden\n" + "ü" * 3000 + "\n" + "日本語" * 200 + "\r\nend"
    with serving(tmp_path) as server:
        gateway(server).send(Letter(LETTER.to, "Zufrieden? 満足ですか " * 9, text, LINK))

    raw = server.box.letters[0][0].original_content
    assert raw is not None
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert server.box.letter().get_content().splitlines() == text.splitlines()
    assert server.box.letter()["Subject"] == ("Zufrieden? 満足ですか " * 9).strip()


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Mail:
    """A gateway whose letters are only written."""
    return Mail("smtp://127.0.0.1:9", SENDER)


@settings(max_examples=200)
@given(subject=st.text(st.characters(), max_size=80), text=st.text(st.characters(), max_size=200))
def test_no_words_add_a_header_or_another_recipient(post: Mail, subject: str, text: str) -> None:
    raw = post.written(Letter(LETTER.to, subject, text, LINK))

    found = message_from_bytes(raw, policy=policy.SMTP)
    assert (set(found.keys()), len(found.keys())) == (HEADERS, len(HEADERS))
    assert found["To"] == LETTER.to
    assert found["List-Unsubscribe"] == f"<{LINK}>"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "carla",
        "carla@",
        "@acme.example",
        "carla@acme.example\r\nBcc: all@acme.example",
        "carla@acme.example, chris@acme.example",
        "Carla <carla@acme.example>",
        "carla@acme.example>",
        "çarla@acme.example",
        "carla @acme.example",
        "a" * 65 + "@acme.example",
    ],
)
def test_whatever_is_not_one_plain_address_is_never_written_to(post: Mail, address: str) -> None:
    with pytest.raises(Rejected, match="invalid_address"):
        post.send(Letter(address, "s", "t", LINK))


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "https://x/>\r\nBcc: a@b", "https://x/<", "https://x/ y"])
def test_whatever_is_not_a_link_is_never_written(post: Mail, link: str) -> None:
    with pytest.raises(Rejected, match="invalid_link"):
        post.send(Letter(LETTER.to, "s", "t", link))


@pytest.mark.parametrize(
    ("refuses", "raised"),
    [
        ({"RCPT": "550 nobody of that name"}, Rejected),
        ({"RCPT": "450 come back later"}, Unsent),
        ({"DATA": "554 not such words"}, Rejected),
        ({"DATA": "452 no room just now"}, Unsent),
    ],
)
def test_a_servers_no_is_for_good_or_for_now(tmp_path: Path, refuses: dict[str, str], raised: type[Exception]) -> None:
    with (
        serving(tmp_path, box=Box(refuses)) as server,
        pytest.raises(raised, match=next(iter(refuses.values()))[:3]),
    ):
        gateway(server).send(LETTER)
    assert server.box.letters == []


@pytest.mark.parametrize(
    ("lines", "raised"),
    [
        pytest.param(("220 here",), Unsent, id="hangs up at hello"),
        pytest.param(("554 go away",), Unsent, id="does not take us"),
        pytest.param(HELLO, Unsent, id="hangs up at the sender"),
        pytest.param((*HELLO, "250 ok"), Unsent, id="hangs up at the recipient"),
        pytest.param((*HELLO, "250 ok", "250 ok"), Unsent, id="hangs up before the letter"),
        pytest.param((*HELLO, "421 closing"), Unsent, id="closes"),
        pytest.param((*HELLO, "250 ok", "250 ok", "451 not now"), Unsent, id="wants no letter now"),
        pytest.param((*HELLO, "250 ok", "250 ok", "354 go on"), Ambiguous, id="hangs up after the letter"),
        pytest.param((*HELLO, "250 ok", "250 ok", "354 go on", "what?"), Ambiguous, id="mumbles after the letter"),
        pytest.param((*HELLO, "250 ok", "250 ok", "354 go on", "451 later"), Unsent, id="takes no letter now"),
        pytest.param((*HELLO, "250 ok", "250 ok", "354 go on", "550 spam"), Rejected, id="takes no such letter"),
    ],
)
def test_a_broken_conversation_is_doubtful_only_once_the_letter_went(
    lines: tuple[str, ...], raised: type[Exception]
) -> None:
    with saying(*lines) as port, pytest.raises(raised) as caught:
        to(port).send(LETTER)
    assert caught.type is raised


def test_a_server_that_hangs_up_after_its_yes_has_taken_the_letter() -> None:
    with saying(*HELLO, "250 ok", "250 ok", "354 go on", "250 kept") as port:
        to(port).send(LETTER)


def test_a_server_nobody_trusts_is_told_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as server, pytest.raises(Unsent, match="certificate is not trusted"):
        Mail(f"smtp://{NAME}:x@127.0.0.1:{server.port}", SENDER).send(LETTER)
    assert server.box.letters == []


def test_a_password_is_not_said_in_the_open_to_another_machine() -> None:
    by_another_name = "127.1"  # the resolver knows it for this machine; nothing else does
    with saying(*HELLO) as port, pytest.raises(Unsent, match="offers no encryption"):
        Mail(f"smtp://kpibot:secret@{by_another_name}:{port}", SENDER).send(LETTER)


def test_nobody_listening_is_not_sent() -> None:
    with pytest.raises(Unsent, match="nobody listens there"):
        to(free_port()).send(LETTER)


def test_a_look_at_the_server_sends_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        gateway(server).check()
    assert server.box.letters == []


def test_a_wrong_password_is_named_and_not_shown(tmp_path: Path) -> None:
    with serving(tmp_path) as server, pytest.raises(KpiError) as caught:
        gateway(server, password="not the password").check()
    assert str(caught.value) == "The mail server 127.0.0.1 cannot be used: it refused the name or the password"


def test_a_delivery_becomes_a_letter(tmp_path: Path) -> None:
    claim = Claim(7, 1, "person", "mail", "", {})
    arguments = {"to": LETTER.to, "subject": LETTER.subject, "text": LETTER.text, "link": LINK, "channel": "x"}
    with serving(tmp_path) as server:
        mail(gateway(server), claim, arguments)
    assert server.box.letter()["To"] == LETTER.to


def test_a_delivery_that_lacks_something_is_never_sent(post: Mail) -> None:
    with pytest.raises(Rejected, match="no_link"):
        mail(post, Claim(7, 1, "person", "mail", "", {}), {"to": "a@b.example", "subject": "s", "text": "t"})
