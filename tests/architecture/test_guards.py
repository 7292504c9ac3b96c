"""Every address has a declared guard, and nobody without it gets anything."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from ruangaman.site import guards

NOBODY = {
    "token": "A" * 43,
    "provider": "nowhere",
    "question": "account",
    "slug": "nowhere",
}
METHODS = ("GET", "POST", "DELETE")


def addresses() -> Iterator[tuple[str, str]]:
    """Every named address with something filled in for its parts."""

    def walk(resolver: URLResolver, space: str, before: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space, route)
                continue
            for name, converter in entry.pattern.converters.items():
                given = (
                    str(UUID(int=7)) if type(converter).__name__ == "UUIDConverter" else NOBODY.get(name, "x")
                )
                for shown in (f"<{kind}:{name}>" for kind in ("str", "slug", "uuid", "int", "path")):
                    route = route.replace(shown, given)
            yield f"{space}{entry.name}", "/" + route

    yield from walk(get_resolver(), "", "")


ADDRESSES = sorted(set(addresses()))
GUARDED = [(name, path) for name, path in ADDRESSES if guards.GUARDS.get(name) not in (None, guards.OPEN)]


def test_every_address_has_a_guard_and_every_guard_an_address():
    names = {name for name, _ in ADDRESSES}
    assert names - set(guards.GUARDS) == set()
    assert set(guards.GUARDS) - names == set()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), GUARDED)
def test_nobody_gets_anything_without_the_guard(name, path):
    guard = guards.GUARDS[name]
    answers = {method: Client().generic(method, path) for method in METHODS}
    statuses = {method: answer.status_code for method, answer in answers.items()}
    if guard in (guards.KEY, guards.WALLET, guards.GRANT, guards.CLIENT):
        assert set(statuses.values()) <= {401, 405}
        assert 401 in statuses.values()
    elif guard == guards.STORY:
        assert set(statuses.values()) == {404}
    elif guard == guards.SIGNATURE:
        assert statuses["POST"] in {401, 403}
    elif guard == guards.GUARDIAN:
        for answer in answers.values():
            assert answer.status_code in {302, 303, 403, 404, 405}
            if answer.status_code in {302, 303}:
                assert answer["Location"].startswith("/masuk")
        assert set(statuses.values()) != {405}
    else:
        assert set(statuses.values()) <= {302, 303, 400, 403, 404, 405, 410}
        assert set(statuses.values()) != {405}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), [pair for pair in ADDRESSES if pair not in GUARDED])
def test_an_open_address_answers_anyone_and_never_breaks(name, path):
    assert Client().get(path).status_code < 500
