"""
SCORM against the real thing: packages in a frame of a learning system (scorm-again) that is listened to strictly.

The network is pulled in the middle, the page is loaded again, the lesson goes on and ends.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import kinds
from tests import peers
from tests.packs import lesson as learner
from tests.packs.serving import serving, unzipped

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHOLE = courses.course()
PEER = peers.FOLDER / "node_modules" / "scorm-again" / "dist"
STRICT = (Path(__file__).parent / "scorm_strict.js").read_bytes()
PAGE = """<!doctype html><meta charset="utf-8"><title>LMS</title>
<script src="peer.js"></script><script src="strict.js"></script>
<script>
const heard = {{ calls: [], wrong: [] }};
(async () => {{
  const kept = await (await fetch("/kept")).json();
  const inner = new {made}({{ lmsCommitUrl: "/commit", autocommit: false, logLevel: 5 }});
  if (kept) inner.loadFromJSON(kept.cmi, "");
  window.{api} = strict({version}, inner, heard);
  if (location.hash) return;
  const frame = document.createElement("iframe");
  frame.src = "{begin}"; frame.width = 340; frame.height = 600;
  document.body.append(frame);
}})();
</script><body></body>"""


@dataclass(frozen=True)
class Version:
    """Names of one version of SCORM, in scorm-again and in what it commits."""

    number: int
    kind: str
    made: str
    api: str
    finish: str
    commit: str
    status: tuple[str, ...]
    score: tuple[str, ...]
    over: str


SCORM12 = Version(
    12,
    "scorm12",
    "Scorm12API",
    "API",
    "LMSFinish",
    "LMSCommit",
    ("core", "lesson_status"),
    ("core", "score"),
    "",
)
SCORM2004 = Version(
    2004, "scorm2004", "Scorm2004API", "API_1484_11", "Terminate", "Commit",
    ("completion_status",), ("score",), "normal",
)  # fmt: skip
BOTH = pytest.mark.parametrize("version", [SCORM12, SCORM2004], ids=["12", "2004"])


@contextmanager
def system(version, objective, language="id", begin=None):
    package = unzipped(kinds.KINDS[version.kind].make(WHOLE, (objective,), language, NOW))
    pages = {f"isi/{path}": content for path, content in package.items()}
    begin = begin or f"/isi/{objective}/index.html"
    told = PAGE.format(made=version.made, api=version.api, version=version.number, begin=begin)
    pages |= {
        "lms.html": told.encode(),
        "peer.js": (PEER / f"scorm{version.number}.min.js").read_bytes(),
        "strict.js": STRICT,
    }
    with serving(pages) as running:
        yield running


@pytest.fixture
def opened(chromium):
    contexts = []

    def page(url, context=None):
        if context is None:
            context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
            contexts.append(context)
        one = context.new_page()
        one.wrong = []
        one.on("pageerror", lambda error: one.wrong.append(str(error)))
        one.goto(url)
        return one

    yield page
    for context in contexts:
        context.close()


def frame_of(page):
    frame = page.frame_locator("iframe")
    frame.locator(learner.READY).wait_for()
    return frame


def calls(page, name):
    return [one for one in page.evaluate("heard.calls") if one[0] == name]


def left(page):
    """The lesson is closed; everything that was heard of it until then."""
    page.locator("iframe").evaluate("frame => { frame.src = 'about:blank'; }")
    page.wait_for_function("document.querySelector('iframe').contentWindow.location.href === 'about:blank'")
    assert page.evaluate("heard.wrong") == []
    assert page.wrong == []


def at(told, path):
    for name in path:
        told = told[name]
    return told


def named(version, learner_id):
    """A system that says who learns, before anything was told."""
    return {"cmi": {"core": {"student_id": learner_id}} if version is SCORM12 else {"learner_id": learner_id}}


@BOTH
def test_a_child_learns_with_the_network_pulled_and_goes_on_after_a_reload(version, opened):
    lesson = WHOLE.lessons["B3-2"]
    items = learner.counted(WHOLE, "B3-2")
    (tried,) = next(one.items for one in lesson.screens if one.kind == "try")
    with system(version, "B3-2") as lms:
        lms.kept = named(version, "anak-7")
        page = opened(f"{lms.url}/lms.html")
        frame = frame_of(page)
        assert page.evaluate("heard.calls")[0][0] in ("LMSInitialize", "Initialize")
        learner.on(frame)
        wrong = next(one for one in tried.options if not one.right)
        assert wrong.feedback.id.split(".")[0] in learner.choose(frame, tried, right=False)
        assert len(lms.kept["cmi"]["interactions"]) == 1
        for _ in range(4):
            learner.on(frame)
        learner.choose(frame, items[0])
        assert not frame.locator("[data-tunda]").is_visible()

        page.context.set_offline(True)
        learner.choose(frame, items[1])
        frame.locator("[data-tunda]").wait_for()
        assert calls(page, version.commit)[-1][-1] == "false"
        assert items[1].id not in str(lms.kept)
        page.context.set_offline(False)
        frame.locator("[data-tunda]").wait_for(state="hidden")
        assert items[1].id in str(lms.kept)

        # The system takes nothing, and the phone goes out: this answer only the device remembers.
        lms.deaf = True
        learner.choose(frame, items[2], right=False)
        frame.locator("[data-tunda]").wait_for()
        # version | times saved | screen: the thirteenth time, on the sixth screen, is the answer just given
        learner.kept_here(page, f"{lesson.version}|13|5|0|")
        assert page.evaluate("heard.wrong") == []
        page.close()
        page = opened(f"{lms.url}/lms.html", page.context)
        frame = frame_of(page)
        wrong = next(one for one in items[2].options if not one.right)
        frame.locator(f"#{items[2].id}-{wrong.id}:checked").wait_for()
        assert frame.locator(f"#{items[2].id}-{wrong.id} ~ .feedback").is_visible(), (
            "how sure is not asked again"
        )
        assert items[2].id not in str(lms.kept)
        lms.deaf = False
        assert frame.locator("[data-sampai]").inner_text() == "Sampai langkah 6."
        # Another try does not count: the first answer does.
        learner.choose(frame, items[2])
        learner.through(frame, WHOLE, "B3-2", lambda item: item.id != items[-1].id)
        assert at(lms.kept["cmi"], version.status) == "completed"
        share = (len(items) - 2) / len(items)
        assert float(at(lms.kept["cmi"], version.score)["raw"]) == pytest.approx(100 * share, abs=0.5)
        assert "failed" not in str(lms.kept)
        left(page)
        last = page.evaluate("heard.calls")[-4:]
        assert [one[0] for one in last[2:]] == [version.commit, version.finish]
        assert [one[1].rpartition(".")[2] for one in last[:2]] == ["session_time", "exit"]
        assert at(lms.kept["cmi"], ("core", "exit") if version is SCORM12 else ("exit",)) == version.over


@BOTH
def test_where_the_system_names_nobody_the_next_one_meets_no_answers(version, opened):
    first = WHOLE.lessons["B3-2"].practice[0]
    with system(version, "B3-2") as lms:
        lms.deaf = True
        page = opened(f"{lms.url}/lms.html")
        frame = frame_of(page)
        learner.on(frame)
        learner.choose(frame, first)
        frame.locator("[data-tunda]").wait_for()
        page.close()
        frame = frame_of(opened(f"{lms.url}/lms.html", page.context))
        assert frame.locator("input:checked").count() == 0


@BOTH
@pytest.mark.parametrize("right", [True, False])
def test_an_adult_passes_or_fails_and_then_may_begin_anew(version, opened, right):
    items = learner.counted(WHOLE, "PAR-4")
    with system(version, "PAR-4", "en") as lms:
        page = opened(f"{lms.url}/lms.html")
        frame = frame_of(page)
        learner.through(frame, WHOLE, "PAR-4", lambda item: right or item is items[0])
        verdict = "passed" if right else "failed"
        told = lms.kept["cmi"]
        assert at(told, version.status if version is SCORM12 else ("success_status",)) == verdict
        assert at(told, version.status) in (verdict, "completed")
        if version is SCORM2004:
            share = 1 if right else 1 / len(items)
            assert float(told["score"]["scaled"]) == pytest.approx(share, abs=1e-4)
            assert float(told["progress_measure"]) == 1
        assert len(told["interactions"]) == len(items)
        left(page)
        page.reload()
        frame = frame_of(page)
        assert frame.locator("input:checked").count() == (len(items) if right else 0)
        status = version.status if version is SCORM12 else ("success_status",)
        if not right:
            assert at(lms.kept["cmi"], version.status) == "incomplete"
            learner.through(frame, WHOLE, "PAR-4", lambda item: True)
        assert at(lms.kept["cmi"], status) == "passed"
        left(page)


@BOTH
def test_the_youngest_are_not_scored_and_a_check_comes_in_short_sittings(version, opened):
    with system(version, "B1-2") as lms:
        page = opened(f"{lms.url}/lms.html")
        learner.through(frame_of(page), WHOLE, "B1-2", lambda item: True)
        assert at(lms.kept["cmi"], version.status) == "completed"
        left(page)
    checks = unzipped(kinds.KINDS[version.kind].make(WHOLE, ("B2-1",), "id", NOW))["B2-1/index.html"].decode()
    sittings = checks.split('data-kind="check"')[1:]
    assert len(sittings) == 2
    assert all(one.partition("</section>")[0].count("data-item") <= 5 for one in sittings)


@BOTH
def test_the_system_is_found_seven_windows_up_and_in_whoever_opened_it(version, opened):
    with system(version, "B3-2", begin="/sarang-6.html") as lms:
        deep = {f"sarang-{number}.html": f"/sarang-{number - 1}.html" for number in range(2, 7)}
        for name, inner in {**deep, "sarang-1.html": "/isi/B3-2/index.html"}.items():
            lms.pages[name] = f'<!doctype html><iframe src="{inner}" width=340 height=600></iframe>'.encode()
        page = opened(f"{lms.url}/lms.html")
        page.wait_for_function("heard.calls.length > 4")
        other = opened(f"{lms.url}/lms.html#jendela")
        other.wait_for_function(f"Boolean(window.{version.api})")
        with other.expect_popup() as popped:
            other.evaluate("void window.open('/isi/B3-2/index.html')")
        popped.value.locator(learner.READY).wait_for()
        other.wait_for_function("heard.calls.length > 4")
        popped.value.close()
        other.wait_for_function(f"heard.calls.at(-1)[0] === '{version.finish}'")
        assert page.evaluate("heard.wrong") == other.evaluate("heard.wrong") == []


@BOTH
def test_who_only_looks_writes_nothing_and_is_not_told_that_it_was_saved(version, opened):
    with system(version, "B3-2") as lms:
        lms.kept = {"cmi": {"core": {"lesson_mode": "review"}} if version is SCORM12 else {"mode": "review"}}
        page = opened(f"{lms.url}/lms.html")
        frame = frame_of(page)
        learner.through(frame, WHOLE, "B3-2", lambda item: True)
        assert not frame.locator("[data-simpan]").is_visible()
        left(page)
        said = [one[0] for one in page.evaluate("heard.calls")]
        assert not any("Set" in one or "Commit" in one for one in said)
        assert said[-1] == version.finish
        assert {one["cmi"]["suspend_data"] for one in lms.commits} <= {""}


@BOTH
def test_a_sensitive_lesson_is_skipped_without_loss(version, opened):
    with system(version, "B3-4") as lms:
        page = opened(f"{lms.url}/lms.html")
        frame = frame_of(page)
        frame.get_by_role("link", name="Lewati").click()
        frame.locator(".step:visible[data-kind=end]").wait_for()
        assert at(lms.kept["cmi"], version.status) == "completed"
        assert at(lms.kept["cmi"], version.score)["raw"] == ""
        left(page)


@BOTH
def test_without_a_system_answers_stay_on_the_device_and_the_page_says_so(version, opened):
    with system(version, "B3-2") as lms:
        page = opened(f"{lms.url}/isi/B3-2/index.html")
        page.locator(learner.READY).wait_for()
        learner.on(page)
        learner.choose(page, WHOLE.lessons["B3-2"].practice[0])
        learner.kept_here(page, '"b3-2-coba":"periksa"')
        assert page.locator("[data-simpan]:visible").inner_text() == "Jawaban tersimpan di HP ini saja."
        page.reload()
        page.locator("input:checked").wait_for()
        assert lms.commits == []
