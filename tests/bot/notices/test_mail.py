import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.delivery import RetryLater, Undeliverable
from bot.notices import words
from bot.notices.mail import MailNotifier, MailServer, Tls
from bot.notices.model import Dispatch, Medium, Notice
from tests.bot.notices.notes import CASE, EMERGENCY, OVERDUE, dispatch, links, now

SENDER = "娘家 <bot@example.org>"


class Mailbox:
    """Takes mail for everybody but those it was told to refuse."""

    def __init__(self, **refused: str) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refused = refused  # command → answer

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.refused.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "rcpt" not in self.refused:
            envelope.rcpt_tos.append(address)
        return self.refused.get("rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "data" not in self.refused:
            mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.recipients += envelope.rcpt_tos
        return self.refused.get("data", "250 OK")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(made - dt.timedelta(days=1))
        .not_valid_after(made + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "mail.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + secret)
    return path


@contextmanager
def serving(mailbox: Mailbox, certificate: Path | None = None, tls: Tls = Tls.NONE) -> Iterator[int]:
    """Serve SMTP on the loopback; yields the port."""

    def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"bot", b"secret")
        return AuthResult(success=right, handled=False)

    context = None
    more: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        more = {"authenticator": login, "auth_required": True}
        more |= (
            {"tls_context": context, "require_starttls": True} if tls is Tls.STARTTLS else {"auth_require_tls": False}
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, ssl_context=context if tls is Tls.SSL else None, **more
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def to_staff(notice: Notice = OVERDUE) -> Dispatch:
    return dispatch(Medium.EMAIL, "wangfang@example.org", notice)


def notifier(port: int, **more: Any) -> MailNotifier:
    server = MailServer("127.0.0.1", SENDER, port, **{"tls": Tls.NONE, **more})
    return MailNotifier(server, links(), now)


async def test_a_mail_says_the_same_in_plain_text_and_in_html() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port:
        sent = await notifier(port).send(to_staff())
    (mail,) = mailbox.mails
    assert mailbox.recipients == ["wangfang@example.org"]
    assert (mail["Subject"], mail["Message-ID"]) == (words.headline(OVERDUE), sent)
    assert sent is not None and sent.endswith("@example.org>")
    assert mail["From"].addresses[0].display_name == "娘家"
    plain, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert plain is not None and html is not None
    for body in (plain.get_content(), html.get_content()):
        for said in (CASE, "欠薪", "11月20日 17:30", f"https://bot.example.org/desk/cases/{CASE}", words.NO_PERSONS):
            assert said in body
        assert words.TAKE not in body


async def test_an_emergency_brings_the_link_to_take_it_and_is_marked_for_the_eye() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port:
        await notifier(port).send(to_staff(EMERGENCY))
    (mail,) = mailbox.mails
    html = mail.get_body(["html"])
    assert html is not None
    assert f'href="https://bot.example.org/take/{CASE}.' in html.get_content()
    assert mail["X-Priority"] == "1"


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not see that the whole connection is secret
@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.SSL])
async def test_mail_goes_over_tls_to_a_server_that_is_known_and_asks_who_we_are(certificate: Path, tls: Tls) -> None:
    mailbox = Mailbox()
    trusted = ssl.create_default_context(cafile=certificate)
    with serving(mailbox, certificate, tls) as port:
        await notifier(port, tls=tls, username="bot", password="secret", trusted=trusted).send(to_staff())
        assert len(mailbox.mails) == 1
        with pytest.raises(RetryLater, match="check the SMTP_ settings"):
            await notifier(port, tls=tls, username="bot", password="wrong", trusted=trusted).send(to_staff())
        with pytest.raises(RetryLater, match="cannot be reached"):  # a certificate that nobody vouches for
            await notifier(port, tls=tls, username="bot", password="secret").send(to_staff())
    assert len(mailbox.mails) == 1


async def test_without_tls_where_it_was_asked_for_nothing_is_sent() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port, pytest.raises(RetryLater):
        await notifier(port, tls=Tls.STARTTLS).send(to_staff())
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("rcpt", "550 no such person", Undeliverable),
        ("rcpt", "451 greylisted", RetryLater),
        ("data", "554 refused", Undeliverable),
        ("data", "452 no room", RetryLater),
        ("mail", "550 not your address", RetryLater),  # a setting of ours, which an admin can put right
    ],
)
async def test_a_refusal_is_final_or_not_as_the_server_says(
    command: str, answer: str, outcome: type[Exception]
) -> None:
    mailbox = Mailbox(**{command: answer})
    with serving(mailbox) as port, pytest.raises(outcome):
        await notifier(port).send(to_staff())
    assert mailbox.mails == []


async def test_a_server_out_of_reach_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RetryLater, match="cannot be reached"):
        await notifier(port).send(to_staff())


def test_a_password_is_not_shown_when_the_server_is_printed() -> None:
    assert "secret" not in repr(MailServer("mail.example.org", SENDER, password="secret"))
