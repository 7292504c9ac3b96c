"""
Our QTI 3 read by others: played in a browser by Amp-up's player (1EdTech-certified), and turned into QTI 2.1 by
Citolab's converter, which is GPL and runs in a process of its own.
"""

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.readers.environments import installed

from ruangaman.core.learning.model import Item
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import qti3

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
COURSE = courses.course()
EVERY = tuple(COURSE.lessons)
OLD = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"

# Each answer has a player of its own: one that is given the same question again shows nothing anew.
LOAD = """
([xml, feedback]) => new Promise((shown, late) => {
  setTimeout(late, 20000, new Error('not shown'));
  window.playing?.$destroy();
  document.body.innerHTML = '<div id="here"></div>';
  window.playing = new Vue({
    components: {player: qti3Player},
    template: '<player @notifyQti3PlayerReady="begin" @notifyQti3ItemReady="shown" '
      + '@notifyQti3EndAttemptCompleted="ended"/>',
    methods: {
      begin(player) {
        window.player = player;
        player.loadItemFromXml(xml, {
          guid: 'one', status: 'interacting',
          sessionControl: {max_attempts: 0, show_feedback: feedback, validate_responses: false},
        });
      },
      shown() { shown(true) },
      ended(told) { window.attemptEnded(told) },
    },
  }).$mount('#here');
})
"""
END = """
() => new Promise((ended, late) => {
  setTimeout(late, 20000, new Error('not ended'));
  window.attemptEnded = told => ended(
    Object.fromEntries(told.state.outcomeVariables.map(one => [one.identifier, one.value])));
  window.player.endAttempt('here');
})
"""


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture(scope="module")
def player(chromium) -> Iterator[Any]:
    """The player on an empty page, with nothing to load from anywhere."""
    page = chromium.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.route("**/*", lambda route: route.abort())
    folder = installed("qti-player", "node_modules")
    page.add_script_tag(path=folder / "vue/dist/vue.min.js")
    page.add_script_tag(path=folder / "qti3-item-player/dist/qti3Player.umd.min.js")
    page.add_style_tag(path=folder / "qti3-item-player/dist/qti3Player.css")
    yield page
    page.close()


def practised(objective: str) -> list[Item]:
    return [item for one in qti3.sittings(COURSE, (objective,)) for item in one.items]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("objective", ["B2-1", "B3-2", "B5-3", "PAR-2"])
def test_a_player_of_others_scores_each_answer_and_shows_its_own_feedback(player, objective, language):
    for item in practised(objective):
        xml = qti3.written(qti3.assessment_item(item, language)).decode()
        for option in item.options:
            player.evaluate(LOAD, [xml, True])
            said = re.escape(getattr(option.text, language))
            player.get_by_role("radio").filter(has_text=re.compile(rf"^\s*[A-Z]\.\s*{said}\s*$")).click()
            outcome = player.evaluate(END)
            assert outcome["SCORE"] == (1 if option.right else 0), (item.id, option.id)
            assert outcome["FEEDBACK"] == qti3.identifier(option.id)
            shown = " ".join(player.locator("body").inner_text().split())
            for other in item.options:
                feedback = " ".join(getattr(other.feedback, language).replace("\n- ", " ").split())
                assert (feedback in shown) is (other is option), (item.id, option.id, other.id)
    assert player.wrong == []


def test_a_form_keeps_its_feedback_back(player):
    (form,) = [one for one in qti3.sittings(COURSE, ("B3-2",)) if one.kind == "form-a"]
    (control,) = qti3.test(form, "B3-2", "id").iter("qti-item-session-control")
    item = form.items[0]
    player.evaluate(
        LOAD,
        [qti3.written(qti3.assessment_item(item, "id")).decode(), control.get("show-feedback") == "true"],
    )
    player.get_by_role("radio").first.click()
    assert player.evaluate(END)["FEEDBACK"]
    assert player.locator(".qti3-player-modal:visible").count() == 0


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_converter_of_others_finds_every_question_with_its_answer(tmp_path: Path, language: str):
    ours, theirs = tmp_path / "ours.zip", tmp_path / "theirs.zip"
    ours.write_bytes(qti3.make(COURSE, EVERY, language, NOW))
    done = subprocess.run(
        [installed("qti", "bin/qti-convert"), "downgrade", ours, theirs], capture_output=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, b"")
    files = unzipped(theirs.read_bytes())
    items = {item.id: item for one in qti3.sittings(COURSE, EVERY) for item in one.items}
    for name, item in items.items():
        read = ElementTree.fromstring(files[f"items/{name}.xml"])
        assert read.tag == f"{OLD}assessmentItem"
        assert next(one.text for one in read.iter(f"{OLD}value")) == qti3.identifier(item.answer)
        feedback = {
            one.get("identifier"): "".join(one.itertext()) for one in read.iter(f"{OLD}modalFeedback")
        }
        assert feedback.keys() == {qti3.identifier(one.id) for one in item.options}
        for option in item.options:
            told = getattr(option.feedback, language).replace("- ", "").split()
            assert "".join(feedback[qti3.identifier(option.id)].split()) == "".join(told).replace("- ", "")
        choices = {one.get("identifier"): "".join(one.itertext()) for one in read.iter(f"{OLD}simpleChoice")}
        assert choices == {qti3.identifier(one.id): getattr(one.text, language) for one in item.options}
    tests = [ElementTree.fromstring(one) for path, one in files.items() if path.startswith("tests/")]
    assert len(tests) == len(qti3.sittings(COURSE, EVERY))
    asked = [one.get("href", "") for test in tests for one in test.iter(f"{OLD}assessmentItemRef")]
    assert sorted(asked) == sorted(f"../items/{name}.xml" for name in items)
