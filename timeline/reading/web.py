"""One page or feed from the web, by standard library, with the addresses it may reach under control.

Each host name is resolved once, every address it has must be public, and the connection goes to the address that
was checked: a name that answers differently a moment later (DNS rebinding) gains nothing. Redirects pass the same
gate. Proxies of the environment are not used, since behind them the address could not be checked.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import threading
import urllib.error
import urllib.request
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote, urlsplit, urlunsplit

from timeline.errors import UnreadableInputError

MAX_BODY_BYTES = 20 << 20
TIMEOUT_SECONDS = 20.0
MAX_REDIRECTS = 5
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent: the body, the address it came from in the end, media type and charset in lower case."""

    data: bytes
    url: str
    content_type: str
    charset: str


def fetch(url: str, *, allow_private: bool = False) -> Fetched:
    """Fetch one address.

    Raises:
        UnreadableInputError: Another scheme than http and https, a password in the address, a host that is unknown
            or lies in a private network (unless allowed), a redirect to such, more than MAX_BODY_BYTES, more than
            TIMEOUT_SECONDS in all, or any answer other than success.
    """
    request = urllib.request.Request(check_url(url), headers=_headers())  # noqa: S310 - the scheme is checked
    with _Watch(TIMEOUT_SECONDS) as watch:
        try:
            return _fetch(request, watch, allow_private=allow_private)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, UnreadableInputError) and not watch.over:
                raise
            if watch.over or isinstance(error, TimeoutError):
                raise UnreadableInputError(f"no whole answer within {TIMEOUT_SECONDS:.0f} seconds") from error
            raise UnreadableInputError(f"cannot be reached: {error}") from error


def _fetch(request: urllib.request.Request, watch: _Watch, *, allow_private: bool) -> Fetched:
    opener = urllib.request.OpenerDirector()
    for handler in (
        _PinnedHTTPHandler(watch, allow_private),
        _PinnedHTTPSHandler(watch, allow_private),
        _CheckedRedirects(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            data = _read_body(response, watch)
            content_type = response.headers.get_content_type().lower()
            charset = response.headers.get_content_charset() or ""
            return Fetched(
                _unpack(data, response.headers.get("Content-Encoding", "")), response.url, content_type, charset
            )
    except urllib.error.HTTPError as error:
        raise UnreadableInputError(f"the server answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, UnreadableInputError | TimeoutError):
            raise error.reason from error
        raise UnreadableInputError(f"cannot be reached: {error.reason}") from error


def check_url(url: str) -> str:
    """The address in a form that can be sent.

    Raises:
        UnreadableInputError: It is not an http(s) address of a host, or carries a name and password.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UnreadableInputError(f"not an address: {error}") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise UnreadableInputError(f"addresses of scheme {parts.scheme!r} are not read; only http and https")
    if not host or re.search(r"[\x00-\x20\x7f]", url.strip()):
        raise UnreadableInputError("not an address of a web page: no host, or spaces in it")
    if parts.username is not None or parts.password is not None:
        raise UnreadableInputError("addresses with a user name or password are not read")
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UnreadableInputError(f"not a host name: {host}") from error
    netloc = (f"[{ascii_host}]" if ":" in ascii_host else ascii_host) + (f":{port}" if port else "")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit((parts.scheme.lower(), netloc, path, quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"), ""))


def is_public(address: Address) -> bool:
    """Whether an address lies in the public internet; those that wrap an IPv4 address do not count as such."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def resolve_public(host: str, port: int, *, allow_private: bool = False) -> str:
    """One address of a host, after checking all that it has.

    Raises:
        UnreadableInputError: The host is unknown, or any of its addresses is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreadableInputError(f"unknown host {host}") from error
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    private = [address for address in addresses if not is_public(ipaddress.ip_address(address))]
    if private and not allow_private:
        raise UnreadableInputError(
            f"{host} lies in a private network ({private[0]}); allow private addresses to read it"
        )
    return addresses[0]


class _Watch:
    """Ends the connections of one fetch when its time is over: a socket's own limit begins anew at each byte."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def add(self, one: socket.socket) -> socket.socket:
        """Have the connection ended too; the connection itself."""
        self._sockets.append(one)
        return one

    def _end(self) -> None:
        self.over = True
        for one in self._sockets:
            with suppress(OSError):
                # Not an SSL socket's own: it drops what the reading thread is using.
                socket.socket.shutdown(one, socket.SHUT_RDWR)


class _PinnedConnection(http.client.HTTPConnection):
    """Connects to the address that was checked, and to no other."""

    watch: _Watch
    allow_private = False

    def connect(self) -> None:
        address = resolve_public(self.host, self.port, allow_private=self.allow_private)
        self.sock = self.watch.add(socket.create_connection((address, self.port), self.timeout))


class _PinnedSecureConnection(http.client.HTTPSConnection):
    watch: _Watch
    allow_private = False

    def connect(self) -> None:
        address = resolve_public(self.host, self.port, allow_private=self.allow_private)
        plain = self.watch.add(socket.create_connection((address, self.port), self.timeout))
        secure = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]
        self.sock = self.watch.add(secure)


class _PinnedHTTPHandler(urllib.request.HTTPHandler):
    def __init__(self, watch: _Watch, allow_private: bool) -> None:
        super().__init__()
        self._connection: Any = type("Pinned", (_PinnedConnection,), {"watch": watch, "allow_private": allow_private})

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _PinnedHTTPSHandler(urllib.request.HTTPSHandler):
    def __init__(self, watch: _Watch, allow_private: bool) -> None:
        super().__init__()
        members = {"watch": watch, "allow_private": allow_private}
        self._connection: Any = type("PinnedSecure", (_PinnedSecureConnection,), members)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _CheckedRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http(s) addresses only; where they lead is checked when the connection is made."""

    max_redirections = MAX_REDIRECTS

    def redirect_request(  # noqa: PLR0917 - the signature is urllib's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        return super().redirect_request(req, fp, code, msg, headers, check_url(newurl))


def _headers() -> dict[str, str]:
    from timeline.version import VERSION

    return {
        "User-Agent": f"event-timeline/{VERSION} (reads single news pages on a user's request)",
        "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,*/*;q=0.5",
        "Accept-Encoding": "identity",
        "Accept-Language": "en",
    }


def _read_body(response: Any, watch: _Watch) -> bytes:
    stated = response.headers.get("Content-Length", "")
    if stated.isdigit() and int(stated) > MAX_BODY_BYTES:
        raise UnreadableInputError(f"the page is larger than {MAX_BODY_BYTES >> 20} MB")
    parts, total = [], 0
    while part := response.read1(1 << 16):
        parts.append(part)
        total += len(part)
        if total > MAX_BODY_BYTES:
            raise UnreadableInputError(f"the page is larger than {MAX_BODY_BYTES >> 20} MB")
    if watch.over:
        raise TimeoutError
    return b"".join(parts)


def _unpack(data: bytes, encoding: str) -> bytes:
    """The body of a server that compresses though it was asked not to."""
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return data
    inflate = zlib.decompressobj(wbits=47 if "gzip" in encoding.lower() else 15)
    try:
        unpacked = inflate.decompress(data, MAX_BODY_BYTES + 1)
    except zlib.error as error:
        raise UnreadableInputError(f"the server's compressed answer is damaged: {error}") from error
    if len(unpacked) > MAX_BODY_BYTES:
        raise UnreadableInputError(f"the page is larger than {MAX_BODY_BYTES >> 20} MB")
    return unpacked
