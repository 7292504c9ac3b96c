"""What scripts of lessons reckon on a device is what the house reckons: days of reviews, and the order of answers."""

import json
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

import ruangaman
from ruangaman.core.learning import reviewing

SCRIPTS = Path(ruangaman.__file__).parent / "rooms" / "learning" / "static" / "learning"
WORDS = 1 << 32
BEGUN = (
    date(2026, 11, 30),
    date(2027, 2, 26),
    date(2028, 2, 27),
    date(2026, 3, 28),
    date(2026, 10, 24),
    date(2099, 12, 30),
)


def asked(script: str, told: object) -> list:
    """What a module of ours answers in Node; `script` reads `told` and prints JSON."""
    node = shutil.which("node")
    assert node, "Node is missing; the tests of others' clients need it too"
    program = f"import * as one from 'data:text/javascript;base64,{encoded(script)}';"
    body = BODIES[script]
    done = subprocess.run(
        [node, "--input-type=module", "-e", f"{program}const told={json.dumps(told)};{body}"],
        capture_output=True, timeout=60, check=True, env={"TZ": "Asia/Jayapura"},
    )  # fmt: skip
    return json.loads(done.stdout)


def encoded(script: str) -> str:
    from base64 import b64encode

    return b64encode((SCRIPTS / script).read_bytes()).decode()


BODIES = {
    "ulangan.js": "console.log(JSON.stringify([one.DAYS, told.map(([learned, seen, day]) => "
    "[one.due(learned, seen, day), one.next(learned, seen) ?? null])]))",
    "acak.js": "console.log(JSON.stringify(told.map(([word, count]) => [one.seedOf(word), one.order(word, count)])))",
}


def test_reviews_fall_due_on_the_device_as_they_do_in_the_house():
    cases = [
        (learned, seen, learned + timedelta(days=after))
        for learned in BEGUN
        for seen in range(6)
        for after in sorted({day + shift for day in (0, 100, 500, *reviewing.DAYS) for shift in (-1, 0, 1)})
    ]
    days, told = asked("ulangan.js", [(str(learned), seen, str(day)) for learned, seen, day in cases])
    assert tuple(days) == reviewing.DAYS
    for (learned, seen, day), (due, following) in zip(cases, told, strict=True):
        assert due is reviewing.due(learned, seen, day), (learned, seen, day)
        expected = reviewing.reviews(learned)
        assert following == (str(expected[seen]) if seen < len(expected) else None)
    assert {due for due, _ in told} == {True, False}


def seed_of(text: str) -> int:
    """FNV-1a, 32 bits, as its authors write it."""
    found = 2166136261
    for byte in text.encode():
        found = ((found ^ byte) * 16777619) % WORDS
    return found


def numbers(seed: int):
    """mulberry32, in whole numbers."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) % WORDS
        mixed = (state ^ (state >> 15)) * (state | 1) % WORDS
        mixed ^= (mixed + (mixed ^ (mixed >> 7)) * (mixed | 61)) % WORDS
        yield ((mixed ^ (mixed >> 14)) % WORDS) / WORDS


def order(text: str, count: int) -> list[int]:
    """Fisher and Yates, from the last place on."""
    places, chance = list(range(count)), numbers(seed_of(text))
    for last in range(count - 1, 0, -1):
        other = int(next(chance) * (last + 1))
        places[last], places[other] = places[other], places[last]
    return places


def test_answers_are_mixed_as_the_seed_says_and_every_order_comes_up():
    words = [f"{device}//B3-2/1/b3-2-l{item}" for device in range(60) for item in range(5)] + [
        "",
        "é",
        "🪁/p1",
    ]
    cases = [(word, count) for word in words for count in (1, 3, 4)]
    told = asked("acak.js", cases)
    for (word, count), (seed, places) in zip(cases, told, strict=True):
        assert seed == seed_of(word)
        assert places == order(word, count), (word, count)
        assert sorted(places) == list(range(count))
    assert len({tuple(places) for _, places in told if len(places) == 3}) == 6
    first = [places[0] for _, places in told if len(places) == 3]
    assert all(first.count(place) == pytest.approx(len(first) / 3, rel=0.25) for place in range(3))


def test_published_values_of_the_hash():
    assert (seed_of(""), seed_of("a"), seed_of("foobar")) == (0x811C9DC5, 0xE40C292C, 0xBF9CF968)
