"""Mail by SMTP: plain text, no attachments, no tracking. A failure says whether trying again can help."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from ruangaman.core.errors import RuangAmanError


class MailFailed(RuangAmanError):
    """The mail was not taken. `permanent`: trying again cannot help. Facts hold the SMTP code only, no
    address.
    """

    code = "mail.failed"

    def __init__(self, permanent: bool, why: str, smtp_code: int = 0) -> None:
        super().__init__(why=why, smtp_code=smtp_code)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `tls`: `none` (loopback only), `starttls` (demanded), or `tls` from the
    start.
    """

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    user: str = ""
    password: str = ""
    timeout_s: float = 10.0
    ca_file: str = ""

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port}, {self.tls})"


SCHEMES = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def server(url: str, sender: str, *, timeout_s: float = 10.0, ca_file: str = "") -> MailServer:
    """
    A mail server from its address.

    >>> server("smtp+starttls://house:secret@mail.example.org", "Ruang Aman <izin@example.org>")
    MailServer(mail.example.org:587, starttls)

    Raises:
        ValueError: unknown scheme, no host, no sender, or `smtp://` (in the clear) to another machine.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("mail address must be smtp+starttls://, smtps:// or smtp:// with a host")
    if "@" not in parseaddr(sender)[1]:
        raise ValueError("mail needs a sender address")
    tls, port = SCHEMES[parts.scheme]
    if tls == "none" and parts.hostname not in LOOPBACK:
        raise ValueError("smtp:// is for this machine only; use smtp+starttls:// or smtps://")
    return MailServer(
        host=parts.hostname,
        port=parts.port or port,
        sender=sender,
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        timeout_s=timeout_s,
        ca_file=ca_file,
    )


def compose(
    sender: str, to: str, subject: str, body: str, *, message_id: str, language: str, at: datetime
) -> EmailMessage:
    """One text/plain mail. The same `message_id` on each try lets a mail box drop the second copy."""
    name, address = parseaddr(sender)
    user, _, domain = address.rpartition("@")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name, user, domain)
    to_user, _, to_domain = to.rpartition("@")
    mail["To"] = Address("", to_user, to_domain)
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@{domain}>"
    mail["Content-Language"] = language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="quoted-printable")
    return mail


def send(where: MailServer, mail: EmailMessage) -> None:
    """
    Hand one mail over.

    Raises:
        MailFailed: not taken; 5xx answers to the recipient or the content are permanent, all else may be
        tried again.
    """
    context = ssl.create_default_context(cafile=where.ca_file or None)
    try:
        with _connect(where, context) as line:
            if where.tls == "starttls":
                line.starttls(context=context)
            if where.user:
                line.login(where.user, where.password)
            line.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        code = max((answer[0] for answer in refused.recipients.values()), default=0)
        raise MailFailed(500 <= code < 600, "recipient", code) from None
    except smtplib.SMTPNotSupportedError:
        raise MailFailed(False, "no-starttls") from None
    except smtplib.SMTPAuthenticationError as refused:
        raise MailFailed(False, "login", refused.smtp_code) from None
    except smtplib.SMTPResponseException as refused:
        raise MailFailed(500 <= refused.smtp_code < 600, "answer", refused.smtp_code) from None
    except (smtplib.SMTPException, ssl.SSLError):
        raise MailFailed(False, "connection") from None
    except OSError:
        raise MailFailed(False, "unreachable") from None


def _connect(where: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if where.tls == "tls":
        return smtplib.SMTP_SSL(where.host, where.port, timeout=where.timeout_s, context=context)
    return smtplib.SMTP(where.host, where.port, timeout=where.timeout_s)
