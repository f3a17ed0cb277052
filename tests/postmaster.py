"""Mail servers: a real one that keeps what it gets, and one that says what it is told to."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.mail import Mail
from tests.rude_server import free_port

SENDER = "Agentur Müller <feedback@example.com>"
NAME, PASSWORD = "kpibot", "p@ss:word/1"


@dataclass
class Box:
    """Keeps letters; refuses what it is told to with these words."""

    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[Envelope, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: Any
    ) -> str:
        if "RCPT" in self.refuses:
            return self.refuses["RCPT"]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 the same
        if "DATA" in self.refuses:
            return self.refuses["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append((envelope, message_from_bytes(content, _class=EmailMessage, policy=policy.SMTP)))
        return "250 kept"

    def letter(self) -> EmailMessage:
        ((_, letter),) = self.letters
        return letter


@dataclass
class Server:
    """Where a server listens, and what trusts its certificate."""

    port: int
    box: Box
    trusted: ssl.SSLContext


@contextmanager
def serving(folder: Path, *, box: Box | None = None, starttls: bool = True, smtps: bool = False) -> Iterator[Server]:
    """A mail server on this machine that wants a name and a password where it is encrypted."""
    certificate, key = _certificate(folder)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate, key)
    more: dict[str, Any] = {"tls_context": own, "require_starttls": True} if starttls else {}
    more |= {"authenticator": _known, "auth_required": starttls} if starttls or smtps else {}
    more |= {"ssl_context": own, "auth_require_tls": False} if smtps else {}
    kept = box or Box()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield Server(port, kept, ssl.create_default_context(cafile=str(certificate)))
    finally:
        controller.stop()


def _known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, said: Any) -> AuthResult:
    assert isinstance(said, LoginPassword)
    return AuthResult(success=(said.login, said.password) == (NAME.encode(), PASSWORD.encode()), handled=False)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    today = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
    signed = built.add_extension(names, critical=False).sign(key, hashes.SHA256())
    certificate, private = folder / "server.crt", folder / "server.key"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate, private


@contextmanager
def saying(*lines: str) -> Iterator[int]:
    """A server that answers each of our turns with the next line, and hangs up after the last; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_talk, args=(listener, lines), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(timeout=5)


def _talk(listener: socket.socket, lines: Sequence[str]) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as heard:
        connection.sendall(f"{lines[0]}\r\n".encode())
        is_letter = False
        for line in lines[1:]:
            while (said := heard.readline()) and is_letter and said != b".\r\n":
                """The letter goes on."""
            connection.sendall(f"{line}\r\n".encode())
            is_letter = line.startswith("354")
        while (said := heard.readline()) and is_letter and said != b".\r\n":
            """The letter goes on."""


def gateway(server: Server, scheme: str = "smtp", password: str = PASSWORD) -> Mail:
    """The bot's way to such a server."""
    address = f"{scheme}://{NAME}:{quote(password, safe='')}@127.0.0.1:{server.port}"
    return Mail(address, SENDER, lambda: server.trusted)
