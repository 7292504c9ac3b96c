"""Case files: what is met, what is not, what a broken file says, and that the vocabulary knows words only."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.law.reading import Tree
from ruangaman.site import law_test
from ruangaman.site.case_words import BadVocabulary, read_vocabulary

OWN = Path(str(packs.folders()["ID"])) / "cases.yaml"
SHARED = OWN.parents[3] / "shared" / "law" / "cases" / "indonesia.yaml"
SARI = (
    "birth_date: '2016-05-10', decision_date: '2026-11-24', risk_profile: low, designed_for_children: true, "
    "consent: granted, consent_by: parent"
)


def run_on(tmp_path: Path, text: str) -> tuple[int, list[str]]:
    file = tmp_path / "cases.yaml"
    file.write_text(text, encoding="utf-8")
    out = io.StringIO()
    return law_test.run([file], out), out.getvalue().splitlines()


def one(given: str, expect: str, more: str = "") -> str:
    return f"cases:\n- {{id: X-1, given: {{topic: account, {given}}}, expect: {{{expect}}}{more}}}\n"


def test_every_golden_case_of_indonesia_is_met() -> None:
    for file in (OWN, *([SHARED] if SHARED.is_file() else [])):
        out = io.StringIO()
        assert law_test.run([file], out) == 0
        met, not_met, doubtful = (
            int(part.split()[0]) for part in out.getvalue().splitlines()[-1].split(", ")
        )
        assert met > 60
        assert (not_met, doubtful) == (0, 0), [
            line for line in out.getvalue().splitlines() if not line.startswith("met ")
        ]


def test_no_expectation_of_a_golden_case_is_met_by_something_else() -> None:
    """Each expected word alone, put to what it is not: an expectation that anything meets would test nothing."""
    pack, vocabulary = packs.load("ID"), law_test.vocabulary_of("ID")
    other = {"true": "false", "false": "true"}
    for case in law_test.read_cases(OWN.read_bytes(), str(OWN)):
        for word, wanted in case.expect.items():
            wrong: list[Tree] = ["zzz", *([other[str(wanted)]] if str(wanted) in other else [])]
            if isinstance(wanted, list):
                wrong += [[*wanted, "zzz"], *([[]] if wanted else [])]
            for value in wrong:
                changed = replace(case, expect={word: value}, doubtful=False)
                assert law_test.hold(changed, pack, vocabulary).state == law_test.NOT_MET, (
                    case.id,
                    word,
                    value,
                )


@pytest.mark.parametrize("nothing", ["null", "none", "[]", "keep"])
def test_an_action_that_the_law_demands_is_not_met_by_none(tmp_path: Path, nothing: str) -> None:
    text = one("event: verification_finished, legal_retention_duty: false", f"action: {nothing}")
    status, lines = run_on(tmp_path, text.replace("topic: account", "topic: age_evidence"))
    assert status == 1
    assert "delete_verification_data" in lines[0]


def test_every_golden_case_has_its_article_and_its_confidence() -> None:
    tree = law.read_yaml(OWN.read_bytes(), "cases.yaml")
    assert isinstance(tree, dict)
    rows = tree["cases"]
    assert isinstance(rows, list)
    assert len(rows) > 400
    for row in rows:
        assert isinstance(row, dict)
        assert row["article"], row["id"]
        assert row["confidence"] in (">=2", "one", "unclear"), row["id"]
        assert (row.get("doubtful") == "true") == ("why_doubtful" in row), row["id"]


def test_a_met_case_ends_with_zero_and_the_three_numbers(tmp_path: Path) -> None:
    assert run_on(tmp_path, one(SARI, "account: allow, age: 10")) == (
        0,
        ["met       X-1", "1 met, 0 not met, 0 doubtful"],
    )


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("account: deny", "account: expected deny, answered allow"),
        ("account: allow, age: 11", "age: expected 11, answered 10"),
        ("account: allow, action: null", "action: nothing that this case asks answers it"),
        ("account: allow, guardian_status: null", "guardian_status: nothing that this case asks answers it"),
        ("account: allow, reason: high_risk_under16", "reason: expected high_risk_under16"),
    ],
)
def test_a_case_that_is_not_met_shows_the_difference(tmp_path: Path, expect: str, difference: str) -> None:
    status, lines = run_on(tmp_path, one(SARI, expect))
    assert status == 1
    assert lines[0].startswith("not met   X-1")
    assert difference in lines[0]
    assert lines[-1] == "0 met, 1 not met, 0 doubtful"


def test_a_doubtful_case_never_breaks_a_build(tmp_path: Path) -> None:
    status, lines = run_on(tmp_path, one(SARI, "account: deny", ", doubtful: true"))
    assert (status, lines[-1]) == (0, "0 met, 0 not met, 1 doubtful")


def test_a_doubtful_case_is_met_by_an_answer_that_says_the_law_is_unclear(tmp_path: Path) -> None:
    unassessed = SARI.replace("risk_profile: low", "risk_profile: unassessed")
    status, lines = run_on(tmp_path, one(unassessed, "account: allow", ", doubtful: true"))
    assert (status, lines[-1]) == (0, "1 met, 0 not met, 0 doubtful")
    assert "the answer says that the law is unclear" in lines[0]


@pytest.mark.parametrize("reason", ["under13_not_designed_for_children", "not_made_for_children_under_13"])
def test_a_reason_is_matched_by_meaning_not_by_spelling(tmp_path: Path, reason: str) -> None:
    given = SARI.replace("designed_for_children: true", "designed_for_children: false")
    assert run_on(tmp_path, one(given, f"account: deny, reason: {reason}"))[0] == 0


def test_a_reason_that_says_something_else_is_not_met(tmp_path: Path) -> None:
    given = SARI.replace("designed_for_children: true", "designed_for_children: false")
    for reason in ("under16_high_risk", "no_consent", "withdrawn", "zzz"):
        assert run_on(tmp_path, one(given, f"account: deny, reason: {reason}"))[0] == 1


def test_a_refused_question_is_a_difference_not_a_crash(tmp_path: Path) -> None:
    status, lines = run_on(tmp_path, one("birth_date: '2026-13-01'", "account: deny"))
    assert status == 1
    assert "the question was refused: ask.bad-date at age.birth_date" in lines[0]


def test_a_country_without_a_pack_is_a_difference(tmp_path: Path) -> None:
    status, lines = run_on(tmp_path, one(SARI, "account: allow", ", jurisdiction: XX"))
    assert status == 1
    assert "there is no pack for XX" in lines[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cases: 3\n",
        "- {id: A}\n",
        "cases:\n- {id: A, given: {topic: account}}\n",
        "cases:\n- {id: A, given: {}, expect: {account: allow}}\n",
        "cases:\n- {given: {topic: account}, expect: {account: allow}}\n",
        "cases:\n- {id: A, given: {topic: account}, expect: {account: allow}, doubtful: maybe}\n",
        "cases:\n- &a {id: A, given: {topic: account}, expect: {account: allow}}\n- *a\n",
        "cases:\n" + "- {id: A, given: {topic: account}, expect: {account: deny}}\n" * 2,
        "cases: [",
        "cases: []\n",
        "cases:\n",
        "title: nothing\n",
        "cases:\n- {id: A, given: {topic: account}, expect: {account: deny}, doubtfull: true}\n",
    ],
)
def test_a_malformed_file_ends_with_two_and_says_where(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = run_on(tmp_path, text)
    assert (status, lines) == (2, ["0 met, 0 not met, 0 doubtful"])
    assert capsys.readouterr().err.startswith("case.malformed: ")


def test_a_key_of_a_case_that_nobody_knows_is_told_in_the_line(tmp_path: Path) -> None:
    status, lines = run_on(tmp_path, one(SARI, "account: allow", ", shade: dark"))
    assert status == 0
    assert "key not understood: shade" in lines[0]


@pytest.mark.parametrize("doubtful", ["", ", doubtful: true"])
@pytest.mark.parametrize(
    ("given", "expect", "word"),
    [
        (f"{SARI}, ragne: 13-15", "account: allow", "word=ragne at=given near=range"),
        (f"{SARI}, servce.risk_profile: high", "account: allow", "word=servce.risk_profile at=given"),
        (
            f"{SARI}, consent: {{stat: none}}",
            "account: allow",
            "word=consent.stat at=given near=consent.state",
        ),
        (f"{SARI}, service: TikTokk", "account: allow", "word=TikTokk near=tiktok at=service"),
        (SARI, "account: allow, raeson: adult", "word=raeson at=expect near=reason"),
        (SARI, "account: allow, colour: null", "word=colour at=expect"),
        ("age: 14.5", "account: allow", "word=14.5 at=age"),
    ],
)
def test_a_word_that_the_pack_does_not_know_is_an_error_and_never_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str, expect: str, word: str, doubtful: str
) -> None:
    given = given.replace("consent: granted, ", "") if "{stat" in given else given
    status, lines = run_on(tmp_path, one(given, expect, doubtful))
    assert (status, lines[-1]) == (2, "0 met, 1 not met, 0 doubtful")
    assert lines[0].startswith("not met   X-1  (the vocabulary does not know ")
    told = capsys.readouterr().err
    assert told.startswith(
        f"case.unknown-word: the pack does not know this word [file={tmp_path / 'cases.yaml'} "
    )
    assert f"case=X-1 {word}" in told


def test_a_topic_that_nobody_knows_is_an_error_and_the_other_cases_still_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = one(SARI, "account: allow") + "- {id: X-2, given: {topic: acount}, expect: {account: deny}}\n"
    status, lines = run_on(tmp_path, text)
    assert (status, lines[-1]) == (2, "1 met, 1 not met, 0 doubtful")
    assert "case=X-2 word=acount at=topic near=account" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        (SARI, "account: 'allow', age: '10', is_child: yes"),
        (
            SARI.replace("'2016-05-10'", "2016-05-10").replace("true", "True"),
            "account: allow, is_child: True",
        ),
        (SARI.replace("'2026-11-24'", "2026-11-24 00:30:00+07:00"), "account: allow"),
        (SARI.replace("'2026-11-24'", "'2026-11-24T00:30:00+07:00'"), "account: allow"),
        (SARI + ", service_kind: ~, named_platform: NULL, type: ''", "account: allow"),
        ("age: {at_least: 13, at_most: 15}, risk_profile: high", "account: deny, band: 13-15"),
        ("age: 13 - 15, risk_profile: high", "account: deny, band: 13-15"),
        ("age: [13, 15], risk_profile: high", "account: deny, band: 13-15"),
        ("age_range: [13, ~], risk_profile: high", "account: not_allowed_yet, reason: undecided"),
        ("age_band: {min: 13, max: 15}, risk_profile: high", "account: deny, band: 13-15"),
        ("band: 13 to under 16, risk_profile: high", "account: deny, band: 13-15"),
        ("range: 13..15, risk_profile: high", "account: deny, band: 13-15"),
        ("age_min: 13, age_max: 15, risk_profile: high", "account: deny, band: 13-15"),
        ("age: '>= 18'", "account: not_a_child, is_child: false"),
        ("age: 18+", "account: not_a_child, is_child: false"),
        ("age: under_3", "account: deny, reason: under_3"),
        ("age: '< 3'", "account: deny, reason: under_3"),
        ("age: <= 2", "account: deny, reason: under_3"),
        ("age_years: 14, service.risk_profile: high, consent.state: granted", "account: deny"),
        ("age: 14, service: {risk_profile: high}, consent: {state: granted, by: parent}", "account: deny"),
        ("age: 14, service: tiktok, decision_date: '2026-11-24', risk_profile: high", "account: deny"),
        ("age_range: [13-15], risk_profile: high", ""),
        ("age: [13, 14, 15], risk_profile: high", ""),
        ("age: {lowest_of: 13}, risk_profile: high", ""),
        ("age: [], risk_profile: high", ""),
        ("age: 14.5, risk_profile: high", ""),
        ("designed_for_children: maybe, risk_profile: high", ""),
    ],
)
def test_yaml_may_be_written_in_its_ways_and_a_value_that_nobody_knows_is_named(
    tmp_path: Path, given: str, expect: str
) -> None:
    status, lines = run_on(tmp_path, one(given, expect or "account: deny"))
    assert status == (0 if expect else 2), lines
    assert expect or f"in {given.split(':')[0]})" in lines[0]


@pytest.mark.parametrize(
    ("topic", "given", "expect"),
    [
        (
            "account",
            "age: 14, risk_profile: low, designed_for_children: false, guardian_consent: granted",
            "account: allow",
        ),
        (
            "account",
            "age: 14, risk_profile: low, designed_for_children: false, parent_consent: none",
            "reason: no_consent",
        ),
        (
            "account",
            "age: 14, risk_profile: low, parental_consent: refused",
            "account: deny, reason: refused",
        ),
        (
            "account",
            "birth_date: '2013-11-24', decision_date: '2026-11-20', risk_profile: low, designed_for_children: false, "
            "consent: granted, consent_by: parent",
            "decided: true, valid_until: '2026-11-24'",
        ),
        (
            "consent_window",
            "age: 17, window_hours: 6, asked_at: '2026-11-20T08:00:00+07:00', "
            "confirmed_at: '2026-11-20T14:00:01+07:00', answer: granted",
            "window: 6, access: false",
        ),
        (
            "lifecycle",
            "rejected_on: '2026-07-01', resubmitted_on: '2026-07-08'",
            "in_time: false, due: '2026-07-04'",
        ),
        (
            "deadline",
            "what: breach, discovered_at: '2026-11-20T10:00:00+07:00'",
            "deadline: '2026-11-23T10:00:00+07:00'",
        ),
        ("age_evidence", "event: verification_finished, legal_retention_duty: true", "action: retain"),
        (
            "existing_account",
            "service: tiktok, age: 15, decision_date: '2026-03-28'",
            "action: deactivate_account",
        ),
        ("nik", "nik_birth: '2009-11-24', birth_certificate: '2009-11-23'", "use: civil_record"),
    ],
)
def test_neighbouring_words_ask_and_expect_the_same(
    tmp_path: Path, topic: str, given: str, expect: str
) -> None:
    text = one(given, expect).replace("topic: account", f"topic: {topic}")
    assert run_on(tmp_path, text) == (0, ["met       X-1", "1 met, 0 not met, 0 doubtful"])


@pytest.mark.parametrize(
    ("said", "doubtful"), [("true", 1), ("True", 1), ("yes", 1), ("no", 0), ("FALSE", 0)]
)
def test_doubtful_in_every_spelling_of_yaml(tmp_path: Path, said: str, doubtful: int) -> None:
    text = one(SARI, "account: deny", f", doubtful: {said}")
    assert run_on(tmp_path, text)[1][-1] == f"0 met, {1 - doubtful} not met, {doubtful} doubtful"


def test_a_missing_file_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert law_test.run([tmp_path / "none.yaml"], io.StringIO()) == 2
    assert capsys.readouterr().err.startswith("case.unreadable: ")


@pytest.mark.parametrize(
    "tree",
    [
        {"colours": {}},
        {"topics": {"account": {}}},
        {"given": {"age": {"as": "age"}}},
        {"given": {"age": {"fact": "age", "as": "python"}}},
        {"expect": {"account": {"read": "outcome", "compare": "regex"}}},
        {"expect": {"account": {}}},
        {"given": {"a": {"same": "b"}}},
    ],
)
def test_a_vocabulary_with_an_unknown_part_is_refused(tree: dict[str, object]) -> None:
    with pytest.raises(BadVocabulary):
        read_vocabulary(tree)  # type: ignore[arg-type]


def test_the_vocabulary_knows_words_never_cases() -> None:
    """No id of a case, and no map that fixes two given words at once, stands in it."""
    raw = (OWN.parent / "vocabulary.yaml").read_text(encoding="utf-8")
    ids = [
        case.id
        for file in (OWN, *([SHARED] if SHARED.is_file() else []))
        for case in law_test.read_cases(file.read_bytes(), str(file))
    ]
    assert [case_id for case_id in ids if case_id in raw] == []
    tree = law.read_yaml(raw.encode(), "vocabulary.yaml")
    assert isinstance(tree, dict)
    given = tree["given"]
    assert isinstance(given, dict)
    for word, entries in given.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            assert isinstance(entry, dict)
            for kind in ("words", "tokens"):
                assert all(isinstance(value, str) for value in entry.get(kind, {}).values()), word


def test_every_question_of_a_topic_and_every_fact_of_a_word_exists() -> None:
    vocabulary = law_test.vocabulary_of("ID")
    pack = packs.load("ID")
    places = {".".join(fact.path) for fact in pack.source.facts.values()} | {
        "age", "age.at_least", "age.at_most", "on", "zone", "start", "done", "nik",
        "aspect", "found", "not_found", "unanswered", "others", "aspects",
    }  # fmt: skip
    places |= {
        f"parameters.{row.parameter}"
        for one in pack.source.clocks.values()
        for row in one.rows
        if row.parameter
    }
    for name, topic in vocabulary.topics.items():
        for ask in topic.asks:
            assert ask.by_word or ask.question in pack.questions, name
        assert set(topic.unnamed) <= places, name
        assert set(topic.parts.values()) <= set(vocabulary.given), name
    for word, entries in vocabulary.given.items():
        assert {entry.fact for entry in entries if entry.fact} <= places, word
    for word, expected in vocabulary.expect.items():
        assert set(expected.of) <= set(pack.questions), word
