"""A pack that could mislead is refused, with a stable code and the place."""

# ruff: noqa: E501  an edit or a case a line reads as a table

import pytest
from tests.laws.synthetic import FILES, TEXTS, T, edited, encoded, pack

from ruangaman.core import law
from ruangaman.site.errors import CATALOGUE

NORM = f"source: [act Art. 9], confidence: one, text: {T}}}"
ADD = "laws:\n"

EDITS = {
    "pack.gap": {"account": ('{id: not-asked, when: {consent: none}', '{id: not-asked, when: {consent: none, made: yes}')},
    "pack.no-source": {"account": ("source: [act Art. 1], ", "")},
    "pack.unknown-instrument": {"account": ("[act Art. 1]", "[law Art. 1]")},
    "pack.unknown-outcome": {"account": ("then: free", "then: gratis")},
    "pack.unknown-value": {"account": ("risk: high}, then: deny, do", "risk: highest}, then: deny, do")},
    "pack.unknown-fact": {"account": ("made: no}", "maid: no}")},
    "pack.unknown-doubt": {"account": ("doubts: [note]", "doubts: [notes]")},
    "pack.unknown-key": {"account": ("do: [deactivate]", "does: [deactivate]")},
    "pack.duplicate-id": {"account": ("id: high-17", "id: high")},
    "pack.duplicate-key": {"pack": ("version: 1.0", "version: 1.0\nversion: 2.0")},
    "pack.text-missing": {"account": ("text: {id: izin berakhir, en: consent ended}", "text: {id: izin berakhir}")},
    "pack.word-missing": {"texts": ("  deactivate:", "  activate:")},
    "pack.from-after-until": {"account": ("from: 2027-03-01", "from: 2028-03-01")},
    "pack.bad-date": {"account": ("from: 2027-03-01", "from: 2027-02-29")},
    "pack.bad-condition": {"account": ('age: "16..17"', 'age: "17..16"')},
    "pack.bad-confidence": {"account": ("confidence: one, text: {id: satu, en: one}}\n  - {id: young", "confidence: two, text: {id: satu, en: one}}\n  - {id: young")},
    "pack.undecided-open": {"account": ("consent: ask, otherwise", "consent: allow, otherwise")},
    "pack.norm-never-counts": {
        "account": ("  - {id: young", f"  - {{id: shadow, when: {{age: '< 16', risk: high}}, then: deny, {NORM}\n  - {{id: young")
    },
    "pack.lifts-nothing": {"account": ("then: ask, notices", "then: ask, lifts: [ended], notices")},
    "pack.unknown-norm": {"account": ("then: deny, from", "then: deny, lifts: [adults], from")},
    "pack.conflict": {
        "account": (ADD, f"  - {{id: other, when: {{consent: granted, made: yes}}, then: allow, with: {{kind: half}}, {NORM}\n{ADD}")
    },
    "pack.law-broken": {"account": ("{risk: [low, high]}", "{risk: [high, low]}")},
    "pack.doubt-more-open": {"account": ("doubt.cure: void", "doubt.cure: cured")},
    "pack.doubt-changes-nothing": {"account": (", doubt.cure: void", "")},
    "pack.value-missing": {"account": ('age: "< 13"', 'age: "< $digital_age"')},
    "pack.bad-age-by": {"account": ("question: claim", "question: account")},
    "pack.extends-missing": {"pack": ("max_age: 150", "max_age: 150\nextends: [ZZ]")},
    "pack.anchor": {"pack": ("version: 1.0", "version: &v 1.0")},
    "pack.tag": {"pack": ("version: 1.0", "version: !!str 1.0")},
    "pack.not-yaml": {"pack": ("version: 1.0", "version: [1.0")},
    "pack.wrong-type": {"pack": ("max_age: 150", "max_age: [150]")},
    "pack.bad-number": {"pack": ("max_age: 150", "max_age: many")},
    "pack.missing-key": {"pack": ("max_age: 150", "")},
    "pack.unknown-law": {"account": ("growing_older_never_closes", "growing_older_never_opens")},
    "pack.abstract": {"pack": ("max_age: 150", "max_age: 150\nabstract: yes")},
}  # fmt: skip


def refused(files: dict[str, bytes], **kwargs: object) -> law.PackRefused:
    with pytest.raises(law.PackRefused) as caught:
        law.compile_pack(files, **kwargs)  # type: ignore[arg-type]
    assert caught.value.code in CATALOGUE
    return caught.value


def test_the_pack_that_the_edits_start_from_is_accepted():
    assert pack().questions == {"account": "table", "claim": "table"}


@pytest.mark.parametrize("code", EDITS)
def test_one_slip_is_refused_by_its_own_code(code: str):
    wrong = refused(edited(**EDITS[code]))
    assert wrong.code == code, str(wrong)
    assert wrong.file or code == "pack.extends-missing"


def test_a_gap_names_the_cell_and_a_contradiction_the_norm():
    assert "consent=none" in refused(edited(**EDITS["pack.gap"])).cell
    assert refused(edited(**EDITS["pack.conflict"])).rule == "other"


def test_norms_that_lift_each_other_are_refused():
    files = dict(FILES)
    files["account.yaml"] = (
        files["account.yaml"]
        .replace(
            "then: deny, source: [act Art. 21], confidence: one",
            "then: deny, lifts: [high], source: [act Art. 21], confidence: one",
        )
        .replace("do: [deactivate],", "do: [deactivate], lifts: [young],")
    )
    assert refused(encoded(files)).code == "pack.lifts-cycle"


def test_packs_that_extend_each_other_are_refused():
    one = FILES | {"pack.yaml": FILES["pack.yaml"] + "extends: [XB]\n"}
    other = FILES | {"pack.yaml": FILES["pack.yaml"].replace("id: XA", "id: XB") + "extends: [XA]\n"}
    wrong = refused(encoded(one), others={"XA": encoded(one), "XB": encoded(other)})
    assert (wrong.code, wrong.message) == ("pack.extends-cycle", "XA -> XB -> XA")


def test_ten_million_cells_are_refused_before_they_are_allocated():
    facts = "".join(f"  f{n}: {{words: [a, b, c, d, e, f, g, h, i, j]}}\n" for n in range(7))
    when = ", ".join(f"f{n}: a" for n in range(7))
    files = FILES | {
        "pack.yaml": FILES["pack.yaml"].replace("facts:\n", "facts:\n" + facts),
        "wide.yaml": f"""
question: wide
title: {T}
outcomes: [in, out]
closed: [out]
undecided: {{otherwise: unclear}}
texts: {{unclear: {T}}}
norms:
  - {{id: all, then: in, {NORM}
  - {{id: one, when: {{{when}}}, then: out, {NORM}
""",
        "texts.yaml": TEXTS
        + "".join(
            f"  {w}: {{id: kata {w}, en: word {w}}}\n" for w in [*"abcdefghij", *(f"f{n}" for n in range(7))]
        ),
    }
    wrong = refused(encoded(files))
    assert wrong.code == "pack.too-many-cells"
    assert "10000000 cells" in wrong.message
    assert "f6(10)" in wrong.message


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff\xfe", "pack.not-utf8"),
        (b"", "pack.not-yaml"),
        (b"a: 1\n---\nb: 2\n", "pack.not-yaml"),
        (b"[" * 40 + b"]" * 40, "pack.too-deep"),
        (b"x: " + b"y" * (1 << 20), "pack.too-large"),
        (b"a: &x 1\nb: *x\n", "pack.anchor"),
        (b"? [a]\n: b\n", "pack.wrong-type"),
        (b"a: {b: 1, b: 2}", "pack.duplicate-key"),
    ],
)
def test_yaml_that_may_mean_two_things_is_refused(raw: bytes, code: str):
    with pytest.raises(law.PackRefused) as caught:
        law.read_yaml(raw, "x.yaml")
    assert caught.value.code == code


def test_every_scalar_stays_the_string_that_was_written():
    assert law.read_yaml(b"on: NO\nat: 20:30\nw: 20.10\nd: 2026-03-06\nv: 2026.10\nn: ~\n", "x") == {
        "on": "NO", "at": "20:30", "w": "20.10", "d": "2026-03-06", "v": "2026.10", "n": "~",
    }  # fmt: skip


def test_a_missing_file_and_a_stray_one_are_refused():
    files = encoded(FILES)
    assert refused({"account.yaml": files["account.yaml"]}).code == "pack.missing-file"
    assert refused(files | {"sub/more.yaml": b"a: 1"}).code == "pack.unknown-file"


def test_the_hash_changes_with_every_byte_of_the_law():
    assert pack().hash != law.compile_pack(edited(account=("id: satu", "id: dua"))).hash
    assert pack().hash == law.compile_pack(encoded(FILES) | {"cases.yaml": b"x", "README.md": b"y"}).hash
