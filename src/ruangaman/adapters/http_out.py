"""Calls that leave the house to an address that somebody else chose: public addresses only, bounded.

A name is resolved once and the connection goes to the very address that was checked, so a name that answers
differently the second time (DNS rebinding) gains nothing. No proxy, no redirect, no cookie, no reuse.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpcore
import idna

from ruangaman.core.errors import RuangAmanError

LONGEST_URL: Final = 500
PORTS: Final = frozenset({443, 8443})
TIMEOUT_S: Final = 10.0
LARGEST_REPLY: Final = 16 * 1024

# What `is_global` does not catch in every Python that we run on, and what it calls global but is no place for
# a platform's receiver. Forms that carry IPv4 in IPv6 are looked through instead (RFC 6052, 4291, 3056,
# 4380).
REFUSED_NETS: Final = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        # Nothing but 2000::/3 is given out; the rest holds forms that some translator turns into IPv4 (RFC 2765).
        "::/3",
        "4000::/2",
        "8000::/1",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
    )
)
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
COMPATIBLE: Final = ipaddress.ip_network("::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]


class AddressRefused(RuangAmanError):
    """This address may not be called; `facts["why"]` says why, never to what it resolved."""

    code = "http.address-refused"


class CallFailed(RuangAmanError):
    """The call did not come back with a status; `facts["why"]`: timeout, connection, tls, protocol."""

    code = "http.call-failed"


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was read and may be called, before its name is resolved."""

    scheme: str
    host: str
    port: int
    path: str
    allowed: bool

    @property
    def origin(self) -> str:
        """`host:port` as an allow-list names it; an IPv6 address stands in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status and the body; of a POST at most the first LARGEST_REPLY bytes."""

    status: int
    body: bytes
    retry_after: str = ""


def is_public(address: Address) -> bool:
    """Whether this is an address of the open internet; forms that carry IPv4 in IPv6 are looked through."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and (address in NAT64 or address in COMPATIBLE):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return address.ipv4_mapped is None and address not in COMPATIBLE and is_public(inner)
        if address.scope_id:
            return False
    if any(address in net for net in REFUSED_NETS if net.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def read(url: str, *, allow: Iterable[str] = ()) -> Target:
    """
    Read an address and refuse what no receiver needs: other schemes, a user name, odd ports, private numbers.

    Args:
        allow: `host:port` pairs that may be reached by plain HTTP, wherever they are; empty in production.

    Raises:
        AddressRefused: `why` is form, length, scheme, user, port, host or private.
    """
    if len(url) > LONGEST_URL:
        raise AddressRefused(why="length")
    if not url.isascii() or not url.isprintable() or any(sign in url for sign in ' \\<>"{}|^`'):
        raise AddressRefused(why="form")
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused(why="form") from None
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(why="scheme")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise AddressRefused(why="user")
    if parts.fragment:
        raise AddressRefused(why="form")
    host = _host(parts.hostname or "")
    number = port if port is not None else 443 if parts.scheme == "https" else 80
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, host, number, path, False)
    if target.origin in set(allow):
        return Target(parts.scheme, host, number, path, True)
    if parts.scheme != "https":
        raise AddressRefused(why="scheme")
    if number not in PORTS:
        raise AddressRefused(why="port")
    literal = _literal(host)
    if literal is not None and not is_public(literal):
        raise AddressRefused(why="private")
    if host == "localhost" or host.endswith(".localhost"):  # this machine, whether a resolver knows it or not
        raise AddressRefused(why="private")
    return target


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _host(host: str) -> str:
    """The name in its wire form. Numbers that only look like names (`127.1`, `0x7f000001`) are refused."""
    host = host.rstrip(".").lower()
    if not host or len(host) > 253:
        raise AddressRefused(why="host")
    if _literal(host) is not None:
        return host
    if host == "localhost" or host.endswith(".localhost"):
        return host
    last = host.rsplit(".", 1)[-1]
    if last.isdigit() or last.startswith("0x") or "%" in host or ":" in host:
        raise AddressRefused(why="host")
    try:
        return idna.encode(host).decode("ascii")
    except idna.IDNAError:
        raise AddressRefused(why="host") from None


def _system(host: str, port: int) -> Sequence[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _in_time(resolver: Resolver, target: Target, within_s: float) -> list[str]:
    """
    What a resolver says, or TimeoutError. The system's own tries each name server for many seconds and cannot be
    stopped: it is left behind.
    """
    told: list[list[str]] = []
    wrong: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            told.append(list(resolver(target.host, target.port)))
        except (OSError, UnicodeError) as error:
            wrong.append(error)

    asking = threading.Thread(target=ask, name="resolver", daemon=True)
    asking.start()
    asking.join(within_s)
    if wrong:
        raise wrong[0]
    if not told:
        raise TimeoutError
    return told[0]


def resolve(target: Target, resolver: Resolver = _system, *, within_s: float = TIMEOUT_S) -> tuple[str, ...]:
    """
    The addresses of a target, each checked. One private address among public ones refuses them all.

    Args:
        within_s: how long the name servers are waited for.

    Raises:
        AddressRefused: `why` is unresolved or private.
    """
    literal = _literal(target.host)
    try:
        if literal is not None:
            found = [str(literal)]
        elif target.allowed and target.host.endswith("localhost"):
            found = ["127.0.0.1"]  # RFC 6761 6.3; not every resolver knows names below it
        else:
            found = _in_time(resolver, target, within_s)
    except (OSError, UnicodeError):
        raise AddressRefused(why="unresolved") from None
    if not found:
        raise AddressRefused(why="unresolved")
    if not target.allowed:
        for address in found:
            read_back = _literal(address)
            if read_back is None or not is_public(read_back):
                raise AddressRefused(why="private")
    return tuple(dict.fromkeys(found))


class _Deadline(httpcore.NetworkStream):
    """A stream whose every step ends by one common instant, so that a trickle cannot hold a worker."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def _left(self, timeout: float | None) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Deadline(secured, self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Checked(httpcore.NetworkBackend):
    """Connects to addresses that were checked before, whatever the name says now."""

    def __init__(self, addresses: Sequence[str], ends: float) -> None:
        self._addresses = addresses
        self._ends = ends
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002  the checked addresses stand in its place
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError()
        for address in self._addresses[:4]:
            left = self._ends - time.monotonic()
            if left <= 0:
                raise httpcore.ConnectTimeout
            try:
                stream = self._plain.connect_tcp(address, port, min(left, timeout or left))
                return _Deadline(stream, self._ends)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    # No connect_unix_socket: the base class refuses it.


@cache
def _system_trust() -> ssl.SSLContext:
    """The system's certificates, read once in a process: reading them costs more than the call itself."""
    return ssl.create_default_context()


def post(
    url: str,
    body: bytes,
    headers: Sequence[tuple[str, str]],
    *,
    allow: Iterable[str] = (),
    timeout_s: float = TIMEOUT_S,
    resolver: Resolver = _system,
    trust: ssl.SSLContext | None = None,
) -> Reply:
    """
    POST once. A redirect is a reply like any other and is not followed.

    Args:
        timeout_s: for everything together: the name, connection, TLS, sending and the reply.
        trust: another set of certificates than the system's; for tests.

    Raises:
        AddressRefused: the address may not be called.
        CallFailed: no status came back in time.
    """
    reply = _call("POST", url, body, headers, allow, timeout_s, resolver, trust, LARGEST_REPLY)
    return Reply(reply.status, reply.body[:LARGEST_REPLY], reply.retry_after)


def get(
    url: str,
    headers: Sequence[tuple[str, str]],
    *,
    most: int,
    allow: Iterable[str] = (),
    timeout_s: float = TIMEOUT_S,
    resolver: Resolver = _system,
    trust: ssl.SSLContext | None = None,
) -> Reply:
    """
    GET once, all of it or nothing. Arguments as `post`.

    Args:
        most: bytes of the longest reply.

    Raises:
        AddressRefused: the address may not be called.
        CallFailed: no status came back in time, or more than `most` bytes (`why` is too-large).
    """
    reply = _call("GET", url, b"", headers, allow, timeout_s, resolver, trust, most)
    if len(reply.body) > most:
        raise CallFailed(why="too-large")
    return reply


def _call(
    method: str,
    url: str,
    body: bytes,
    headers: Sequence[tuple[str, str]],
    allow: Iterable[str],
    timeout_s: float,
    resolver: Resolver,
    trust: ssl.SSLContext | None,
    most: int,
) -> Reply:
    """One call; of the reply what was read until there was more than `most`."""
    ends = time.monotonic() + timeout_s
    target = read(url, allow=allow)
    addresses = resolve(target, resolver, within_s=timeout_s)
    host = f"[{target.host}]" if ":" in target.host else target.host
    named = host if target.port in (80, 443) else target.origin
    wire = [("Host", named), ("Connection", "close"), *headers]
    waits = {"connect": timeout_s, "read": timeout_s, "write": timeout_s, "pool": timeout_s}
    with httpcore.ConnectionPool(
        ssl_context=trust or _system_trust(),
        network_backend=_Checked(addresses, ends),
        max_connections=1,
        retries=0,
        http1=True,
        http2=False,
    ) as pool:
        try:
            with pool.stream(
                method,
                httpcore.URL(
                    scheme=target.scheme.encode(),
                    host=target.host.encode(),
                    port=target.port,
                    target=target.path.encode(),
                ),
                headers=[(name.encode(), value.encode()) for name, value in wire],
                content=body if method == "POST" else None,
                extensions={"timeout": waits},
            ) as reply:
                kept = bytearray()
                for piece in reply.iter_stream():
                    kept += piece
                    if len(kept) > most:
                        break
                later = next((value for name, value in reply.headers if name.lower() == b"retry-after"), b"")
                return Reply(reply.status, bytes(kept), later.decode("latin-1")[:40])
        except httpcore.TimeoutException:
            raise CallFailed(why="timeout") from None
        except ssl.SSLError:
            raise CallFailed(why="tls") from None
        except (httpcore.ConnectError, httpcore.ReadError, httpcore.WriteError, OSError) as error:
            caused = error.__cause__ or error.__context__
            raise CallFailed(why="tls" if isinstance(caused, ssl.SSLError) else "connection") from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            raise CallFailed(why="protocol") from None
