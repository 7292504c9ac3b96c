"""Calls to addresses that somebody else chose reach the open internet and nothing behind our own door."""

import contextlib
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.adapters import http_out
from ruangaman.rooms.access.tests.receiver import receiver

REFUSED = [
    ("http://contoh.example/", "scheme"),
    ("ftp://contoh.example/", "scheme"),
    ("file:///etc/passwd", "scheme"),
    ("gopher://contoh.example/", "scheme"),
    ("//contoh.example/", "scheme"),
    ("https://pengguna:sandi@contoh.example/", "user"),
    ("https://contoh.example@127.0.0.1/", "user"),
    ("https://@127.0.0.1/", "user"),
    ("https://contoh.example:22/", "port"),
    ("https://contoh.example:6379/", "port"),
    ("https://contoh.example:0/", "port"),
    ("https://contoh.example:99999/", "form"),
    ("https://contoh.example/#potongan", "form"),
    ("https://contoh.example\\@127.0.0.1/", "form"),
    ("https://contoh.example/ spasi", "form"),
    ("https://contoh.example/\r\nHost: lain", "form"),
    ("https:///jalan", "host"),
    ("https://127.0.0.1/", "private"),
    ("https://127.1/", "host"),
    ("https://2130706433/", "host"),
    ("https://0x7f000001/", "host"),
    ("https://0177.0.0.1/", "host"),
    ("https://0.0.0.0/", "private"),
    ("https://10.1.2.3/", "private"),
    ("https://172.31.255.254/", "private"),
    ("https://192.168.1.1/", "private"),
    ("https://169.254.169.254/latest/meta-data/", "private"),
    ("https://100.100.100.200/", "private"),
    ("https://100.64.0.1/", "private"),
    ("https://192.0.0.192/", "private"),
    ("https://198.18.0.1/", "private"),
    ("https://203.0.113.7/", "private"),
    ("https://224.0.0.1/", "private"),
    ("https://240.0.0.1/", "private"),
    ("https://255.255.255.255/", "private"),
    ("https://[::]/", "private"),
    ("https://[::1]/", "private"),
    ("https://[::ffff:127.0.0.1]/", "private"),
    ("https://[::ffff:8.8.8.8]/", "private"),
    ("https://[::127.0.0.1]/", "private"),
    ("https://[64:ff9b::7f00:1]/", "private"),
    ("https://[64:ff9b:1::1]/", "private"),
    ("https://[::ffff:0:7f00:1]/", "private"),
    ("https://[200::1]/", "private"),
    ("https://localhost/", "private"),
    ("https://a.localhost/", "private"),
    ("https://A.LocalHost.:8443/", "private"),
    ("https://[4000::1]/", "private"),
    ("https://[8000::1]/", "private"),
    ("https://[2002:7f00:1::]/", "private"),
    ("https://[2001:0:7f00:1::]/", "private"),
    ("https://[fe80::1]/", "private"),
    ("https://[fe80::1%25eth0]/", "private"),
    ("https://[fc00::1]/", "private"),
    ("https://[fd00:ec2::254]/", "private"),
    ("https://[ff02::1]/", "private"),
    ("https://[2001:db8::1]/", "private"),
    ("https://" + "a" * 600 + ".example/", "length"),
]


@pytest.mark.parametrize(("url", "why"), REFUSED)
def test_an_address_that_no_receiver_needs_is_refused_before_anything_is_sent(url, why):
    with pytest.raises(http_out.AddressRefused) as refused:
        http_out.read(url)
    assert refused.value.facts["why"] == why


@pytest.mark.parametrize(
    "url",
    [
        "https://contoh.example/kait?a=1",
        "https://contoh.example:8443/",
        "https://8.8.8.8/",
        "https://CONTOH.example./",
    ],
)
def test_a_public_https_address_is_taken(url):
    assert not http_out.read(url).allowed


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["::1"],
        ["10.0.0.9"],
        ["169.254.169.254"],
        ["93.184.216.34", "192.168.0.10"],
        ["::ffff:10.0.0.1"],
        ["bukan-alamat"],
        [],
    ],
)
def test_a_name_that_leads_inside_is_refused_even_beside_a_public_address(answers):
    target = http_out.read("https://contoh.example/")
    with pytest.raises(http_out.AddressRefused):
        http_out.resolve(target, lambda host, port: answers)


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_once():
    asked = []

    def resolver(host, port):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    seen = []

    class Watching(http_out._Checked):
        def connect_tcp(self, host, port, *args, **kwargs):
            seen.extend(self._addresses)
            raise http_out.httpcore.ConnectError

    kept, http_out._Checked = http_out._Checked, Watching
    try:
        with pytest.raises(http_out.CallFailed):
            http_out.post("https://contoh.example/", b"{}", [], resolver=resolver)
    finally:
        http_out._Checked = kept
    assert (asked, seen) == (["contoh.example"], ["93.184.216.34"])


def test_the_allow_list_opens_one_port_and_no_other():
    with receiver() as there:
        assert http_out.post(there.url, b"{}", [], allow=[there.origin]).status == 200
        with pytest.raises(http_out.AddressRefused):
            http_out.post(there.url, b"{}", [])
        with pytest.raises(http_out.AddressRefused):
            http_out.post(there.url, b"{}", [], allow=["127.0.0.1:1"])
    assert len(there.got) == 1


def test_a_name_below_localhost_is_this_machine_when_it_is_allowed():
    with receiver() as there:
        url = f"http://ramai.localhost:{there.port}/kait"
        assert http_out.post(url, b"{}", [], allow=[f"ramai.localhost:{there.port}"]).status == 200
        with pytest.raises(http_out.AddressRefused):
            http_out.post(url, b"{}", [])
    assert there.got[0][1]["host"] == f"ramai.localhost:{there.port}"


def test_a_redirect_is_not_followed():
    with receiver() as there, receiver() as inside:
        there.status, there.headers = 302, {"Location": inside.url}
        reply = http_out.post(there.url, b"{}", [], allow=[there.origin, inside.origin])
        assert (reply.status, inside.got) == (302, [])


def test_a_reply_is_read_to_its_bound_only():
    with receiver() as there:
        there.body = b"x" * 5_000_000
        assert len(http_out.post(there.url, b"{}", [], allow=[there.origin]).body) == http_out.LARGEST_REPLY


def test_a_trickle_ends_with_the_deadline():
    with receiver() as there:
        there.trickle_s = 0.05
        began = time.monotonic()
        with pytest.raises(http_out.CallFailed) as failed:
            http_out.post(there.url, b"{}", [], allow=[there.origin], timeout_s=0.5)
        assert time.monotonic() - began < 2
    assert failed.value.facts["why"] == "timeout"


def test_a_silent_name_server_ends_with_the_deadline():
    begun, answers = time.monotonic(), threading.Event()
    try:
        with pytest.raises(http_out.AddressRefused) as refused:
            http_out.post(
                "https://silent.example/",
                b"{}",
                [],
                timeout_s=0.3,
                resolver=lambda *_: ["1.1.1.1"] if answers.wait(20) else [],
            )
    finally:
        answers.set()
    assert refused.value.facts["why"] == "unresolved"
    assert time.monotonic() - begun < 5


def test_nobody_there_is_a_failed_call():
    with receiver() as there:
        gone = there.url
        origin = there.origin
    with pytest.raises(http_out.CallFailed):
        http_out.post(gone, b"{}", [], allow=[origin], timeout_s=2)


@given(st.text(max_size=80))
def test_whatever_is_written_is_read_or_refused(text):
    for url in (text, "https://" + text):
        with contextlib.suppress(http_out.AddressRefused):
            assert http_out.read(url).scheme == "https"


def test_a_get_gives_all_of_it_or_nothing():
    with receiver() as there:
        there.body = b"x" * 40_000
        found = http_out.get(there.url, [("Accept", "a/b")], most=40_000, allow=[there.origin])
        assert found.body == there.body
        assert there.got[0][1]["accept"] == "a/b"
        assert "content-length" not in there.got[0][1]
        with pytest.raises(http_out.CallFailed) as refused:
            http_out.get(there.url, [], most=39_999, allow=[there.origin])
        assert refused.value.facts["why"] == "too-large"
        with pytest.raises(http_out.AddressRefused):
            http_out.get(there.url, [], most=10)


def test_of_a_post_the_beginning_is_kept():
    with receiver() as there:
        there.body = b"x" * 40_000
        found = http_out.post(there.url, b"{}", [], allow=[there.origin])
        assert len(found.body) == http_out.LARGEST_REPLY
