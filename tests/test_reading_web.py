"""Fetching one page: which addresses are refused, and what a server may not do. The server is on this machine."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from timeline.errors import UnreadableInputError
from timeline.reading import Problem, read_articles, web
from timeline.reading.web import check_url, fetch, is_public, resolve_public

PAGE = (
    "<html><body><article><h1>Ferry to Hallow resumes</h1><p>"
    + "The ferry sails again, the company said. " * 10
    + "</p></article></body></html>"
)


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/page/2020/03/06/":
            self.answer(PAGE.encode(), "text/html; charset=utf-8")
        elif path == "/agent":
            self.answer(self.headers["User-Agent"].encode(), "text/plain")
        elif path == "/gzip":
            self.answer(gzip.compress(b"packed"), "text/plain", {"Content-Encoding": "gzip"})
        elif path == "/bomb":
            self.answer(gzip.compress(b"\0" * (30 << 20)), "text/plain", {"Content-Encoding": "gzip"})
        elif path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * (1 << 16))
            except OSError:
                return
        elif path in ("/slow", "/slow-headers"):
            self.send_response(200)
            if path == "/slow":
                self.end_headers()
            else:
                self.flush_headers()
            try:
                for _ in range(600):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return
        elif path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.server.targets[path[4:]])  # type: ignore[attr-defined]
            self.end_headers()
        else:
            self.send_error(404)

    def answer(self, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    address = f"http://127.0.0.1:{server.server_port}"
    server.targets = {  # type: ignore[attr-defined]
        "page": "/page/2020/03/06/",
        "file": "file:///etc/hostname",
        "ftp": "ftp://127.0.0.1/x",
        "private": f"http://127.0.0.2:{server.server_port}/agent",
        "loop": "/to/loop",
        "password": f"http://user:secret@127.0.0.1:{server.server_port}/agent",
    }
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()


def test_a_page_is_read_as_an_article(site: str) -> None:
    [article] = read_articles(f"{site}/page/2020/03/06/", allow_urls=True, allow_private_addresses=True)

    assert (article.title, str(article.published)) == ("Ferry to Hallow resumes", "2020-03-06")
    assert article.url == f"{site}/page/2020/03/06/"


def test_a_redirect_is_followed_and_the_last_address_kept(site: str) -> None:
    assert fetch(f"{site}/to/page", allow_private=True).url == f"{site}/page/2020/03/06/"


def test_the_user_agent_says_who_asks(site: str) -> None:
    assert fetch(f"{site}/agent", allow_private=True).data.startswith(b"event-timeline/")


def test_a_compressed_answer_is_unpacked(site: str) -> None:
    assert fetch(f"{site}/gzip", allow_private=True).data == b"packed"


def test_addresses_are_not_read_unless_allowed(site: str) -> None:
    problems: list[Problem] = []

    assert list(read_articles(f"{site}/agent", on_problem=problems.append)) == []
    assert "not allowed here" in problems[0].reason


def test_private_addresses_are_not_read_unless_allowed(site: str) -> None:
    problems: list[Problem] = []

    assert list(read_articles(f"{site}/agent", allow_urls=True, on_problem=problems.append)) == []
    assert "private network (127.0.0.1)" in problems[0].reason


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", "the server answered 404"),
        ("/to/file", "is not allowed"),
        ("/to/ftp", "scheme 'ftp'"),
        ("/to/loop", "302"),
        ("/to/password", "user name or password"),
        ("/endless", "larger than 20 MB"),
        ("/bomb", "larger than 20 MB"),
    ],
)
def test_what_a_server_may_not_do(site: str, path: str, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message):
        fetch(site + path, allow_private=True)


def test_a_redirect_into_a_private_network_is_refused(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 plays a public address here, 127.0.0.2 a private one."""
    monkeypatch.setattr(web, "is_public", lambda address: str(address) == "127.0.0.1")

    assert fetch(f"{site}/to/page").data
    with pytest.raises(UnreadableInputError, match=r"private network \(127.0.0.2\)"):
        fetch(f"{site}/to/private")


def test_the_connection_goes_to_the_address_that_was_checked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to a public address first and to a private one later is asked once only."""
    port = int(site.rsplit(":", 1)[1])
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]]
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **more: Any) -> Any:
        if host == "rebinding.example":
            asked.append(host)
            return answers.pop()
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    assert fetch(f"http://rebinding.example:{port}/agent", allow_private=True).data
    assert asked == ["rebinding.example"]


def test_a_host_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(2, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: entries)

    with pytest.raises(UnreadableInputError, match=r"private network \(10.0.0.1\)"):
        resolve_public("mixed.example", 80)
    assert resolve_public("mixed.example", 80, allow_private=True) == "93.184.215.14"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",  # decimal
        "0x7f000001",  # hexadecimal
        "0x7f.1",
        "0177.0.0.1",  # octal
        "0",
        "①②⑦.⓪.⓪.①",  # digits that become plain ones in a host's name
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[fe80::1%25lo]",
        "169.254.169.254",
    ],
)
def test_a_private_address_in_any_writing_is_refused(host: str) -> None:
    """However the system's own resolver would read it."""
    with pytest.raises(UnreadableInputError, match="private network"):
        fetch(f"http://{host}/")


@pytest.mark.parametrize("path", ["/slow", "/slow-headers"])
def test_a_server_that_trickles_is_given_up(site: str, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Each byte is in time, and the whole is not: neither a body nor headers without end hold the program."""
    monkeypatch.setattr(web, "TIMEOUT_SECONDS", 0.5)
    start = time.monotonic()

    with pytest.raises(UnreadableInputError, match="no whole answer within"):
        fetch(f"{site}{path}", allow_private=True)
    assert time.monotonic() - start < 30  # of the sixty that it would trickle


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x.example/a",
        "javascript:alert(1)",
        "gopher://x.example",
        "http://",
        "http:///path",
        "http://user:secret@x.example/",
        "http://x.example:99999/",
        "http://x.example/a b",
        "http://[::1",
        "http://x.example/\r\nHost: y",
        "",
    ],
)
def test_addresses_of_other_kinds_are_refused(url: str) -> None:
    with pytest.raises(UnreadableInputError):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://X.Example", "http://x.example/"),
        ("https://x.example:8443/ä?q=ü#part", "https://x.example:8443/%C3%A4?q=%C3%BC"),
        ("https://müller.example/%20a", "https://xn--mller-kva.example/%20a"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_addresses_are_put_in_a_form_that_can_be_sent(url: str, expected: str) -> None:
    assert check_url(url) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_is_public(address: str, expected: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is expected
