"""What the settings name: who is on duty and how staff are called, the messenger, the identity provider."""

from contextlib import AbstractAsyncContextManager
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.delivery import Sender
from bot.desk.provider import Client
from bot.dialogue.carrying import Carrying
from bot.notices.buttons import Buttons
from bot.notices.duty import Duty
from bot.notices.duty_file import DUTY_FILE, DutyFile
from bot.notices.links import Links
from bot.notices.mail import MailServer, Tls
from bot.notices.model import Dispatch
from bot.notices.notifiers import open_notifiers
from bot.settings import Settings
from bot.storage.seal import Seal
from bot.storage.storage import Storage, utc_now
from bot.texts import Reader
from bot.triage.triager import load_triager
from knowledge.calendar import load_calendar
from knowledge.errors import NiangjiaError
from knowledge.organizations import load_organizations

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel

TELEGRAM_WEBHOOK_PATH = "/telegram/webhook"


def duty_of(settings: Settings) -> Duty:
    """Return the home's duty roster."""
    home = settings.niangjia_home
    return Duty(DutyFile(home / DUTY_FILE), load_organizations(home=home), load_calendar(home=home).is_working)


def links_of(settings: Settings, seal: Seal) -> Links:
    """Return the links that staff are sent."""
    return Links(settings.public_url, lambda said: seal.digest("staff link", said))


def buttons_of(seal: Seal) -> Buttons:
    """Return the buttons that staff are sent."""
    return Buttons(lambda said: seal.digest("staff button", said))


def carrying_of(seal: Seal) -> Carrying:
    """Return the links by which an emergency told in a group goes on in private."""
    return Carrying(lambda said: seal.digest("emergency carried", said))


def reader_of(settings: Settings) -> Reader:
    """Return where the chat model stands: as the operator says, or in the house if its address is."""
    if settings.llm_place is not None:
        return Reader(settings.llm_place)
    host = urlsplit(settings.llm_base_url or "").hostname or ""
    try:
        within = ip_address(host).is_private  # a loopback address too
    except ValueError:
        within = host == "localhost"
    return Reader.IN_HOUSE if within else Reader.UNKNOWN


def telegram_of(settings: Settings, storage: Storage) -> "TelegramChannel | None":
    """Return the messenger if there is a token; raise NiangjiaError where that is none."""
    if settings.telegram_bot_token is None:
        return None
    # aiogram takes a second to import, which a bot without Telegram need not wait for.
    from bot.channels.telegram import TelegramChannel

    triager, secret = load_triager(settings.niangjia_home), settings.telegram_webhook_secret
    return TelegramChannel(
        settings.telegram_bot_token.get_secret_value(),
        storage.inbox,
        api_base=settings.telegram_api_base,
        dangerous=lambda words: triager.triage(words).danger is not None,
        webhook_secret=secret.get_secret_value() if secret else None,
    )


def notifiers_of(
    settings: Settings, seal: Seal, links: Links, telegram: "TelegramChannel | None"
) -> AbstractAsyncContextManager[dict[str, Sender[Dispatch]]]:
    """Return what carries notices, by medium; raise NiangjiaError where a mail server has nobody to send from."""
    writer = telegram.board if telegram else None
    return open_notifiers(links, buttons_of(seal), utc_now, mail=_mail_server(settings), writer=writer)


def _mail_server(settings: Settings) -> MailServer | None:
    if settings.smtp_host is None:
        return None
    if settings.smtp_from is None:
        raise NiangjiaError("Mail needs SMTP_FROM beside SMTP_HOST: set the address that it is from, or empty both.")
    return MailServer(
        settings.smtp_host,
        settings.smtp_from,
        settings.smtp_port,
        settings.smtp_username,
        settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        Tls(settings.smtp_tls),
    )


def identity_client(settings: Settings) -> Client | None:
    """Return what the identity provider knows us as, if there is one; raise NiangjiaError where that is not said."""
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_client_id is None:
        raise NiangjiaError("OIDC_ISSUER needs OIDC_CLIENT_ID beside it: set the id that we have there, or empty both.")
    secret = settings.oidc_client_secret
    return Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        settings.oidc_label,
        frozenset(value.strip() for value in settings.oidc_second_factor.split(",") if value.strip()),
    )
