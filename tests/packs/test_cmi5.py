"""cmi5: a lesson launched by a system that holds it to the order of the standard, and another's client beside it."""

import uuid
from datetime import UTC, datetime

import pytest

from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import kinds
from tests import peers
from tests.packs import lesson as learner
from tests.packs import lrs
from tests.packs.serving import unzipped

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHOLE = courses.course()
PEER = peers.FOLDER / "node_modules" / "@xapi" / "cmi5" / "dist" / "Cmi5.umd.js"
AU = "https://kelas.example/au/1"


@pytest.fixture(scope="module")
def pages():
    packed = {}
    for objective in ("B3-2", "PAR-4"):
        packed |= unzipped(kinds.KINDS["cmi5"].make(WHOLE, (objective,), "id", NOW))
    packed["peer.js"] = PEER.read_bytes()
    packed["peer.html"] = b"<!doctype html><script src=peer.js></script>"
    packed["kelas.html"] = b"<!doctype html><h1>Kelas</h1>"
    return packed


@pytest.fixture
def store(pages):
    with lrs.serving(pages) as running:
        yield running


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
    one = context.new_page()
    yield one
    context.close()


def ready(page, address):
    page.goto(address)
    page.locator(learner.READY).wait_for()
    return page


def close(page, store, session):
    page.goto(f"{store.url}/kelas.html")
    for _ in range(100):
        if "terminated" in session.verbs:
            break
        page.wait_for_timeout(20)
    assert session.verbs[-1] == "terminated"


def told(session, verb):
    return next(one for one in session.statements if one["verb"]["id"].endswith(f"/{verb}"))


def test_a_child_learns_loses_the_network_and_goes_on_in_the_next_session(page, store):
    items = learner.counted(WHOLE, "B3-2")
    session, address = store.launch("B3-2/index.html", AU)
    ready(page, address)
    assert session.verbs == ["initialized"]
    for _ in range(5):
        learner.on(page)
    learner.choose(page, items[0])
    page.wait_for_function("document.querySelector('[data-tunda]').hidden")
    page.context.set_offline(True)
    learner.choose(page, items[1], right=False)
    page.locator("[data-tunda]").wait_for()
    learner.kept_here(page, "|5|0|")
    assert session.verbs.count("answered") <= 1
    page.context.set_offline(False)
    page.locator("[data-tunda]").wait_for(state="hidden")
    assert session.verbs == ["initialized", "answered", "answered"]

    # Loaded again, the word is spent and the session over: the page says so, and what is answered stays here.
    page.reload()
    page.locator("[data-tutup]:visible").wait_for()
    assert session.verbs[-1] == "terminated"
    page.locator(f"#{items[1].id}-{items[1].answer}").wait_for()
    learner.choose(page, items[2])
    learner.kept_here(page, "|5|0|")
    assert len(session.statements) == 4

    again, address = store.launch("B3-2/index.html", AU, session.registration)
    ready(page, address)
    page.locator("input:checked").first.wait_for()
    assert page.locator("input:checked").count() == 3
    learner.through(page, WHOLE, "B3-2", lambda item: True)
    page.wait_for_function("document.querySelector('[data-tunda]').hidden")
    close(page, store, again)
    assert again.verbs.count("answered") == len(items) - 3
    assert again.verbs[-2:] == ["completed", "terminated"]
    assert told(again, "answered")["result"]["success"] is True
    assert store.of(session.registration).count("completed") == 1
    assert "failed" not in store.of(session.registration)
    assert store.wrong == []


@pytest.mark.parametrize("right", [True, False])
def test_an_adult_gets_one_verdict_and_after_a_failed_one_begins_anew(page, store, right):
    items = learner.counted(WHOLE, "PAR-4")
    back = f"{store.url}/kelas.html"
    session, address = store.launch(
        "PAR-4/index.html", AU, masteryScore=0.8, moveOn="CompletedAndPassed", returnURL=back
    )
    ready(page, address)
    learner.through(page, WHOLE, "PAR-4", lambda item: right or item is items[0])
    page.locator("[data-mundur]").click()
    learner.on(page)
    page.locator("[data-pulang] a").click()
    page.wait_for_url(back)
    assert session.verbs[-3:] == ["completed", "passed" if right else "failed", "terminated"]
    scaled = told(session, "passed" if right else "failed")["result"]["score"]["scaled"]
    assert scaled == pytest.approx(1 if right else 1 / len(items), abs=1e-4)

    again, address = store.launch(
        "PAR-4/index.html", AU, session.registration, masteryScore=0.8, moveOn="CompletedAndPassed"
    )
    ready(page, address)
    assert page.locator("input:checked").count() == (len(items) if right else 0)
    learner.through(page, WHOLE, "PAR-4", lambda item: True)
    page.wait_for_function("document.querySelector('[data-tunda]').hidden")
    close(page, store, again)
    assert again.verbs[-2:] == (["initialized", "terminated"] if right else ["passed", "terminated"])
    assert store.of(session.registration).count("completed") == 1
    assert store.wrong == []


def test_who_only_looks_is_told_of_by_two_statements(page, store):
    session, address = store.launch("B3-2/index.html", AU, launchMode="Review")
    ready(page, address)
    learner.through(page, WHOLE, "B3-2", lambda item: True)
    assert not page.locator("[data-simpan]").is_visible()
    close(page, store, session)
    assert session.verbs == ["initialized", "terminated"]
    assert store.states == {}
    assert store.wrong == []


def test_opened_without_a_launch_it_stays_on_the_device(page, store):
    ready(page, f"{store.url}/B3-2/index.html")
    learner.on(page)
    assert page.locator("[data-simpan]:visible").inner_text() == "Jawaban tersimpan di HP ini saja."
    assert store.sessions == store.wrong == []


MASTER = """async ([right, id]) => {
  const unit = new Cmi5();
  await unit.initialize();
  const choices = [{ id: "a", description: { id: "A" } }];
  await unit.interactionChoice("https://kelas.example/test", "q1", ["a"], ["a"], choices);
  if (right) await unit.moveOn({ score: 0.9, disableSendTerminated: true });
  await unit.terminate();
}"""


def test_anothers_client_meets_the_same_expectations_and_ours_speaks_as_it_does(page, store):
    theirs, address = store.launch("peer.html", AU, masteryScore=0.8, moveOn="CompletedAndPassed")
    page.goto(address)
    page.evaluate(MASTER, [True, AU])
    assert store.wrong == []
    ours, address = store.launch("PAR-4/index.html", AU, masteryScore=0.8, moveOn="CompletedAndPassed")
    ready(page, address)
    learner.through(page, WHOLE, "PAR-4", lambda item: True)
    page.wait_for_function("document.querySelector('[data-tunda]').hidden")
    close(page, store, ours)
    assert store.wrong == []
    for verb in ("initialized", "answered", "passed", "completed", "terminated"):
        one, other = told(ours, verb), told(theirs, verb)
        assert one["verb"]["id"] == other["verb"]["id"]
        assert set(one.get("result", ())) >= set(other.get("result", ())) - {
            "duration",
            "score",
        }
        categories = [
            {each["id"] for each in of["context"]["contextActivities"].get("category", [])}
            for of in (one, other)
        ]
        assert categories[0] == categories[1], verb


def statement(session, verb, **result):
    told = {
        "id": str(uuid.uuid4()),
        "actor": lrs.ACTOR,
        "verb": {"id": lrs.VERBS + verb},
        "object": {"id": AU},
        "timestamp": "2026-11-30T09:00:00.000Z",
        "context": {
            "registration": session.registration,
            "extensions": {lrs.SESSION: session.id, lrs.MASTERY: 0.8},
            "contextActivities": {
                "grouping": session.launch["contextTemplate"]["contextActivities"]["grouping"],
                "category": [{"id": lrs.CATEGORY}],
            },
        },
    }
    if verb in ("completed", "passed", "failed"):
        told["context"]["contextActivities"]["category"].append({"id": lrs.MOVE_ON})
    return {**told, "result": {"duration": "PT1S", **result}} if verb != "initialized" else told


PASSED = {"success": True, "score": {"scaled": 0.9}}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (["terminated"], "terminated as statement 0"),
        (["initialized", "initialized"], "initialized as statement 1"),
        (["initialized", "terminated", "completed"], "after terminated"),
        (["initialized", "completed", "completed"], "completed twice"),
        (["initialized", "passed", "failed"], "failed after passed"),
        (["initialized", "low"], "verdict against the score"),
        (["initialized", "bare"], "moveon of completed"),
        (["initialized", "quick"], "duration"),
        (["initialized", "stranger"], "another actor"),
        (["initialized", "completed", "passed", "terminated"], ""),
    ],
)
def test_the_store_of_these_tests_refuses_what_the_standard_forbids(store, said, fault):
    session, _ = store.launch("peer.html", AU, masteryScore=0.8)
    session.read = {"LMS.LaunchData", "profile"}
    words = {
        "completed": lambda: statement(session, "completed", completion=True),
        "passed": lambda: statement(session, "passed", **PASSED),
        "failed": lambda: statement(session, "failed", success=False, score={"scaled": 0.1}),
        "low": lambda: statement(session, "passed", success=True, score={"scaled": 0.1}),
        "quick": lambda: statement(session, "completed", completion=True, duration="1 s"),
        "stranger": lambda: {**statement(session, "terminated"), "actor": {"mbox": "mailto:a@example.org"}},
    }
    heard = ""
    for word in said:
        told = words.get(
            word, lambda word=word: statement(session, "completed" if word == "bare" else word)
        )()
        if word == "bare":
            told["context"]["contextActivities"]["category"].pop()
        try:
            lrs.check(store, session, told)
        except lrs.Refused as refused:
            heard = str(refused)
            break
        session.statements.append(told)
    assert fault in heard
    assert bool(fault) == bool(heard)
