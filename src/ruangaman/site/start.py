"""What must be right before anything listens."""

import difflib
import errno
import os
import socket
from contextlib import closing
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from ruangaman.adapters import keystore, mail
from ruangaman.core.errors import RuangAmanError
from ruangaman.site.environment import PREFIX

_LOCAL = {"localhost", "127.0.0.1", "::1"}
_SHORTEST_SECRET = 40
_OF_TESTS = {"RUANGAMAN_CHROMIUM"}  # where a browser stands; nothing of the house reads it


class SettingRefused(RuangAmanError):
    """A setting is missing or unsafe; `setting` names it and `why` says what to do."""

    code = "start.setting-refused"


class PortInUse(RuangAmanError):
    """Something else already listens on this port of this machine."""

    code = "start.port-in-use"


class AddressRefused(RuangAmanError):
    """This machine cannot listen there: no such host, no right to the port, or one port for two processes."""

    code = "start.address-refused"


class NotMigrated(RuangAmanError):
    """The database is older than this version."""

    code = "start.not-migrated"


def check() -> None:
    """Refuse to start with a setting that is missing, unsafe or unreadable.

    Raises:
        SettingRefused: with the variable to set and what to do.
        keystore.MasterKeyMissing, keystore.MasterKeyRefused
    """
    _demand_known()
    for name, expected in sorted(settings.SETTINGS_REFUSED.items()):
        raise SettingRefused(setting=name, why=f"what stands there cannot be read; {expected} is expected")
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's word for an empty one
        secret = ""
    if len(secret) < _SHORTEST_SECRET:
        raise SettingRefused(
            setting="RUANGAMAN_SECRET_KEY", why="set 40 characters or more, or run: ruangaman init"
        )
    if settings.DATA_DIR.is_dir() and settings.DATA_DIR.stat().st_mode & 0o077:
        raise SettingRefused(setting="RUANGAMAN_DATA_DIR", why="others may enter it: chmod 700")
    if settings.SECRET_KEY_FILE.is_file() and settings.SECRET_KEY_FILE.stat().st_mode & 0o077:
        raise SettingRefused(setting="RUANGAMAN_SECRET_KEY_FILE", why="others may read it: chmod 600")
    keystore.master_keys(settings.MASTER_KEY, Path(settings.MASTER_KEY_FILE))
    base = urlsplit(settings.BASE_URL)
    if base.scheme not in {"http", "https"} or not base.hostname:
        raise SettingRefused(setting="RUANGAMAN_BASE_URL", why="an address such as https://ruangaman.example")
    if base.path or base.query or base.fragment or base.username is not None:
        raise SettingRefused(
            setting="RUANGAMAN_BASE_URL", why="scheme, host and port alone; the house stands at the root"
        )
    issuer = urlsplit(settings.ISSUER_URL)
    if (issuer.scheme, bool(issuer.hostname)) != (base.scheme, True) or issuer.path or issuer.query:
        raise SettingRefused(
            setting="RUANGAMAN_ISSUER_URL",
            why="scheme, host and port alone, with the scheme of the base address",
        )
    local = _is_local(base.hostname)
    if base.scheme == "http" and not local:
        raise SettingRefused(setting="RUANGAMAN_BASE_URL", why="https, since this is not a local address")
    if settings.STORY and not local:
        raise SettingRefused(
            setting="RUANGAMAN_STORY",
            why="the story shows every mail to everyone; it runs on localhost alone",
        )
    if base.scheme == "https" and settings.SECURE_PROXY_SSL_HEADER is None:
        raise SettingRefused(
            setting="RUANGAMAN_BEHIND_PROXY",
            why="1, since the house speaks plain HTTP: a proxy in front ends TLS and sets X-Forwarded-Proto",
        )
    if any(map(_everybody, settings.ALLOWED_HOSTS)):
        raise SettingRefused(setting="RUANGAMAN_ALLOWED_HOSTS", why="name the hosts, or a domain of yours")
    if settings.WEBHOOK_ALLOW and not settings.STORY:
        raise SettingRefused(
            setting="RUANGAMAN_WEBHOOK_ALLOW", why="only the story may reach addresses of this machine"
        )
    _demand_local_story_wallet()
    _demand_wallet_certificate()
    _demand_ways_out()


def _is_local(host: str | None) -> bool:
    return host in _LOCAL or (host or "").endswith(".localhost")


def _demand_local_story_wallet() -> None:
    """It takes answers by plain http, so neither it nor this house may be anywhere but on this machine."""
    if not settings.STORY_WALLET:
        return
    if not settings.STORY:
        raise SettingRefused(
            setting="RUANGAMAN_STORY_WALLET", why="only the story has a wallet of its own; wallets need https"
        )
    wallet = urlsplit(settings.STORY_WALLET)
    if wallet.scheme not in {"http", "https"} or not _is_local(wallet.hostname) or wallet.query:
        raise SettingRefused(
            setting="RUANGAMAN_STORY_WALLET",
            why="an address of this machine, such as http://x.localhost:8005/buka",
        )


def _demand_wallet_certificate() -> None:
    """A certificate that does not fit would be found out by the first wallet that refuses."""
    files = (settings.WALLET_CERTIFICATE_FILE, settings.WALLET_KEY_FILE)
    if not any(files):
        return
    if not all(files):
        missing = "KEY" if files[0] else "CERTIFICATE"
        raise SettingRefused(
            setting=f"RUANGAMAN_WALLET_{missing}_FILE", why="certificate and key go together"
        )
    key = Path(files[1])
    if key.is_file() and key.stat().st_mode & 0o077:
        raise SettingRefused(setting="RUANGAMAN_WALLET_KEY_FILE", why="others may read it: chmod 600")
    from ruangaman.rooms.ages import api as ages

    try:
        ages.demand_wallet_certificate()
    except (OSError, ValueError):  # the text of another library's error may hold what it read
        raise SettingRefused(
            setting="RUANGAMAN_WALLET_CERTIFICATE_FILE",
            why="PEM certificates, the first for this host and for the P-256 key of RUANGAMAN_WALLET_KEY_FILE",
        ) from None


def _everybody(host: str) -> bool:
    """Whether this pattern lets in the hosts of anybody: `*`, or all that end in a bare `.id`. The names below
    `.localhost` are those of this machine (RFC 6761 6.3).
    """
    return host == "*" or (host.startswith(".") and "." not in host[1:].rstrip(".") and host != ".localhost")


def _demand_ways_out() -> None:
    """A mail server that cannot be used would be found out by the first parent who waits."""
    if settings.MAIL_URL:
        if "@" not in parseaddr(settings.MAIL_FROM)[1]:
            raise SettingRefused(
                setting="RUANGAMAN_MAIL_FROM", why="a sender such as Ruang Aman <izin@x.example>"
            )
        try:
            mail.server(settings.MAIL_URL, settings.MAIL_FROM)
        except ValueError:  # its text may hold a part of the password
            raise SettingRefused(
                setting="RUANGAMAN_MAIL_URL",
                why="smtp+starttls://user:password@host:587 or smtps://...; smtp:// only to this machine",
            ) from None
    if bool(settings.WHATSAPP_TOKEN) != bool(settings.WHATSAPP_PHONE_ID):
        missing = "PHONE_ID" if settings.WHATSAPP_TOKEN else "TOKEN"
        raise SettingRefused(setting=f"RUANGAMAN_WHATSAPP_{missing}", why="token and phone id go together")


def _demand_known() -> None:
    """A misspelt setting would silently fall back to its default."""
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in settings.SETTINGS_KNOWN | _OF_TESTS:
            near = difflib.get_close_matches(name, settings.SETTINGS_KNOWN, n=1, cutoff=0.8)
            raise SettingRefused(
                setting=name, why=f"no such setting; is it {near[0]}?" if near else "no such setting"
            )


def migrated() -> bool:
    """Whether the database stands at this version."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def migrate() -> None:
    """Bring the database to this version."""
    call_command("migrate", verbosity=0, interactive=False)


def demand_migrated() -> None:
    """Raises NotMigrated when the database is older than this version, or out of reach."""
    try:
        current = migrated()
    except DatabaseError as error:
        raise NotMigrated(why=type(error).__name__) from error
    if not current:
        raise NotMigrated(why="run: ruangaman migrate")


def demand_lane_log() -> None:
    """A lane that cannot write its log would stop loading keys, a minute later and in silence.

    Raises:
        SettingRefused
    """
    if not settings.LANE_LOG:
        return
    file = Path(settings.LANE_LOG)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640))
    except OSError as error:
        raise SettingRefused(
            setting="RUANGAMAN_LANE_LOG", why=f"cannot be written: {os.strerror(error.errno or 0)}"
        ) from None


def demand_free(host: str, port: int) -> None:
    """Refuse a port on which somebody listens; granian would share it in silence.

    Raises:
        PortInUse; AddressRefused: `why` says which.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise AddressRefused(port=port, host=host, why="no such host") from None
        except PermissionError:
            raise AddressRefused(port=port, host=host, why="no right to this port") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(port=port, host=host) from None
            raise AddressRefused(port=port, host=host, why="not an address of this machine") from None
