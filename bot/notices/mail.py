"""Notices by e-mail."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from enum import StrEnum
from html import escape

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

from bot.delivery import RetryLater, Undeliverable
from bot.notices import words
from bot.notices.links import Links
from bot.notices.model import Dispatch, Kind, Notice

TIMEOUT = 20.0  # seconds for each step of the exchange
SETTING_PAUSE = 60.0  # seconds until a refused setting is tried again


class Tls(StrEnum):
    """How the connection to the mail server is kept secret."""

    STARTTLS = "starttls"
    SSL = "ssl"
    NONE = "none"  # only within one's own house


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    sender: str  # such as 娘家 <bot@example.org>
    port: int | None = None  # the usual one of `tls`
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls = Tls.STARTTLS
    trusted: ssl.SSLContext | None = None  # whose certificates count; the system's if None


class MailNotifier:
    """A `Notifier` over SMTP: one connection a message, in plain text and HTML."""

    def __init__(self, server: MailServer, links: Links, now: Callable[[], datetime]) -> None:
        self._server = server
        self._links = links
        self._now = now

    async def send(self, dispatch: Dispatch) -> str | None:
        """Hand the mail in and return its Message-ID."""
        server = self._server
        mail = self._mail(dispatch)
        try:
            await aiosmtplib.send(
                mail,
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.tls is Tls.SSL,
                start_tls=server.tls is Tls.STARTTLS,
                tls_context=server.trusted,
                timeout=TIMEOUT,
            )
        except (SMTPAuthenticationError, SMTPSenderRefused, SMTPNotSupported) as error:
            raise RetryLater("the mail server refuses us: check the SMTP_ settings", SETTING_PAUSE) from error
        except SMTPRecipientsRefused as error:
            raise _judged(error.recipients[0].code) from error
        except SMTPDataError as error:
            raise _judged(error.code) from error
        except (SMTPException, OSError, TimeoutError) as error:
            raise RetryLater(f"the mail server cannot be reached: {type(error).__name__}") from error
        return str(mail["Message-ID"])

    def _mail(self, dispatch: Dispatch) -> EmailMessage:
        notice, now = dispatch.notice, self._now()
        take, desk = self._links.take(notice, dispatch.address.entry, now), self._links.desk(notice)
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = dispatch.address.target
        mail["Subject"] = words.headline(notice)
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = make_msgid(domain=parseaddr(self._server.sender)[1].rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"  # so that no answering machine answers
        if notice.kind is Kind.EMERGENCY:
            mail["X-Priority"] = "1"
        mail.set_content(words.message(notice, desk, take))
        mail.add_alternative(_html(notice, desk, take), subtype="html")
        return mail


def _judged(code: int) -> RetryLater | Undeliverable:
    reason = f"the mail server does not take it (SMTP {code})"
    return Undeliverable(reason) if code >= 500 else RetryLater(reason)


def _html(notice: Notice, desk: str | None, take: str | None) -> str:
    rows = "".join(
        f"<tr><th align=left>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in words.facts(notice)
    )
    links = "".join(
        f'<p><a href="{escape(url)}">{escape(label)}</a></p>'
        for label, url in ((words.TAKE, take), (words.TO_DESK, desk))
        if url
    )
    return f"<h2>{escape(words.headline(notice))}</h2><table>{rows}</table>{links}<p>{escape(words.NO_PERSONS)}</p>"
