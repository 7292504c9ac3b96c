"""What the headers of every answer say: only whole addresses come into the policy of a page."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from ruangaman.site.headers import HeadersMiddleware, content_security_policy


def directives(policy):
    return {told[0]: told[1:] for told in (one.split() for one in policy.split("; "))}


@pytest.mark.parametrize(
    "address",
    [
        "https://sekolah.example;script-src/tanya",
        "https://sekolah.example,default-src/tanya",
        "https://sekolah.example'/tanya",
        "https://sari:rahasia@sekolah.example/tanya",
        "https://*.example/tanya",
        "javascript:alert(1)",
        "/tanya",
        "",
    ],
)
def test_an_address_that_would_say_more_than_a_host_is_left_out(address):
    assert content_security_policy([address], [address]) == content_security_policy()


def test_hosts_are_named_once_each_where_a_page_needs_them():
    found = directives(
        content_security_policy(
            [
                "https://sekolah.example/tanya?kelas=3",
                "http://sekolah.localhost:8001/",
                "https://sekolah.example/lain",
            ],
            ["http://[::1]:8000/"],
        )
    )
    assert found["form-action"] == ["'self'", "http://sekolah.localhost:8001", "https://sekolah.example"]
    assert found["connect-src"] == ["'self'", "http://[::1]:8000"]


def test_only_the_page_that_asks_for_the_camera_may_use_it_and_calls_nobody_else():
    def headers(**said):
        answered = HttpResponse()
        vars(answered).update(said)
        return HeadersMiddleware(lambda _request: answered)(SimpleNamespace(path="/cek-umur/x")).headers

    plain, camera = headers(), headers(camera=True, connect_to=["https://lain.example"])
    assert "camera=()" in plain["Permissions-Policy"]
    assert "camera=(self)" in camera["Permissions-Policy"]
    assert directives(camera["Content-Security-Policy"])["connect-src"] == ["'self'"]
    assert camera["Cache-Control"] == plain["Cache-Control"] == "no-store"
