"""The only way out by e-mail: one attempt a letter, and an exact word for what became of it."""

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, make_msgid, parseaddr
from ipaddress import ip_address
from smtplib import SMTP, SMTP_SSL, SMTPAuthenticationError, SMTPException, SMTPServerDisconnected
from socket import gaierror
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from bot.outcomes import Ambiguous, Rejected, Unsent
from kpi.errors import KpiError
from kpi.services.deliveries import Claim

TIMEOUT_SECONDS = 8
VERDICT_SECONDS = 30
"""Servers look a letter over before they say whether they take it."""
_BODY = WIRE.clone(max_line_length=76)
_HEADERS = WIRE.clone(max_line_length=900)
"""A link that is folded is torn by the library's own rules."""
_PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_LINK = re.compile(r"https?://[!-;=?-~]{1,900}", re.ASCII)
_ACCEPTED, _GO_AHEAD, _PERMANENT = (250, 251), (354,), 500
_ANSWERS = (200, 600)
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (SMTPAuthenticationError, "it refused the name or the password"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted here"),
    (gaierror, "there is no such host"),
    (ConnectionRefusedError, "nobody listens there"),
    (TimeoutError, "it did not answer in time"),
    (SMTPServerDisconnected, "it hung up"),
)
"""What a failure says to people; never what the server said to a password."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain text to one address; `link` leads to where the recipient can also say that they want no more."""

    to: str
    subject: str
    text: str
    link: str


class Mail:
    """Sends through one mail server, named by its address (smtp:// or smtps://), as one sender."""

    def __init__(
        self, url: str, sender: str, trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ) -> None:
        self._server = urlsplit(url)
        self._sender = sender
        self._from = parseaddr(sender)[1]
        self._trusted = trusted

    def send(self, letter: Letter) -> None:
        """Hand a letter over, once. Unsent: the server did not take it, worth trying again. Rejected: it never will.
        Ambiguous: the connection broke after the letter went, before the server's word."""
        content = self.written(letter)
        with _certainly_unsent(), self._connected() as server:
            _heard(server.mail(self._from))
            _heard(server.rcpt(letter.to))
            _heard(server.docmd("DATA"), _GO_AHEAD)
            _heard(_handed_over(server, content))

    def check(self) -> None:
        """Connect and log in, and send nothing; KpiError says what is wrong."""
        try:
            with _certainly_unsent(), self._connected() as server:
                _heard(server.noop())
        except (Unsent, Rejected) as fault:
            raise KpiError(f"The mail server {self._server.hostname} cannot be used: {fault}") from fault

    def written(self, letter: Letter) -> bytes:
        """The letter as it goes over the wire; Rejected where its address or link is none, whatever it holds."""
        if not _ADDRESS.fullmatch(letter.to):
            raise Rejected("invalid_address")
        if not _LINK.fullmatch(letter.link):
            raise Rejected("invalid_link")
        message = EmailMessage(policy=_BODY)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = _one_line(letter.subject)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._domain)
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<{letter.link}>"
        message.set_content(_readable(letter.text).replace("\0", ""), cte="quoted-printable")
        return message.as_bytes(policy=_HEADERS)

    @contextmanager
    def _connected(self) -> Iterator[SMTP]:
        """A conversation, encrypted where the server can, and always before a password is said to another machine."""
        server = self._dialled()
        try:
            server.ehlo_or_helo_if_needed()
            if self._server.scheme == "smtp":
                self._encrypt(server)
            if self._server.username and self._server.password:
                server.login(unquote(self._server.username), unquote(self._server.password))
            yield server
        finally:
            with suppress(SMTPException, OSError):
                server.quit()
            server.close()

    def _dialled(self) -> SMTP:
        host, port = self._server.hostname or "", self._server.port or _PORTS[self._server.scheme]
        name = self._domain  # else smtplib asks the DNS who we are
        if self._server.scheme == "smtp":
            return SMTP(host, port, local_hostname=name, timeout=TIMEOUT_SECONDS)
        return SMTP_SSL(host, port, local_hostname=name, timeout=TIMEOUT_SECONDS, context=self._trusted())

    def _encrypt(self, server: SMTP) -> None:
        if server.has_extn("starttls"):
            server.starttls(context=self._trusted())
            server.ehlo()
        elif self._server.username and not _is_here(self._server):
            raise Unsent("the server offers no encryption, and a password is not sent without")

    @property
    def _domain(self) -> str:
        return self._from.rpartition("@")[2]


def mail(gateway: Mail, claim: Claim, arguments: Mapping[str, Any]) -> None:  # noqa: ARG001 a sender of deliveries
    """Send what a delivery says: {to, subject, text, link}. Raises as `Mail.send`."""
    try:
        letter = Letter(*(str(arguments[name]) for name in ("to", "subject", "text", "link")))
    except KeyError as lacking:
        raise Rejected(f"no_{lacking.args[0]}") from lacking
    gateway.send(letter)


@contextmanager
def _certainly_unsent() -> Iterator[None]:
    """Inside, whatever fails is Unsent, unless it says better."""
    try:
        yield
    except (SMTPException, OSError, ValueError) as failure:
        raise Unsent(_named(failure)) from failure


def _handed_over(server: SMTP, content: bytes) -> tuple[int, bytes]:
    """Send the letter's bytes; the server's word for them. From the first byte on, silence is no answer."""
    lines = re.sub(rb"(?m)^\.", b"..", content.rstrip(b"\r\n"))
    try:
        if server.sock is not None:
            server.sock.settimeout(VERDICT_SECONDS)
        server.send(lines + b"\r\n.\r\n")
        code, words = server.getreply()
    except (SMTPException, OSError) as failure:
        raise Ambiguous(_named(failure)) from failure
    if not _ANSWERS[0] <= code < _ANSWERS[1]:
        raise Ambiguous(f"the server answered {code}")
    return code, words


def _heard(reply: tuple[int, bytes], wanted: tuple[int, ...] = _ACCEPTED) -> None:
    code, words = reply
    if code in wanted:
        return
    said = f"{code} {words.decode('ascii', 'replace')}"[:200]
    raise Rejected(said) if code >= _PERMANENT else Unsent(said)


def _named(failure: Exception) -> str:
    return next((words for kind, words in _WORDS if isinstance(failure, kind)), type(failure).__name__)


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(_readable(text).split()))


def _readable(text: str) -> str:
    """The text as it can be sent: half of a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_here(server: SplitResult) -> bool:
    try:
        return ip_address(server.hostname or "").is_loopback
    except ValueError:
        return server.hostname == "localhost"
