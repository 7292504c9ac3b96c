"""Small packs that no country has, for the laws of the engine itself."""

# ruff: noqa: E501  one norm a line reads as a table

from collections.abc import Mapping
from datetime import UTC, datetime

from ruangaman.core import law

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
T = "{id: satu, en: one}"

PACK = f"""
id: XA
version: 1.0
title: {T}
checked: 2026-11-24
zone: Asia/Jakarta
zones: {{WIB: Asia/Jakarta, WITA: Asia/Makassar, WIT: Asia/Jayapura}}
leap_birthday: 03-01
max_age: 150
instruments:
  act:
    short: Act
    title: {T}
    checked: 2026-11-24
facts:
  risk: {{at: service.risk, words: [low, high]}}
  made: {{at: service.made, kind: yes_no}}
  consent: {{at: consent.state, words: [granted, none, refused, withdrawn]}}
  by: {{at: consent.by, words: [parent, child]}}
  ends: {{at: consent.ends_at, kind: ends}}
  evidence: {{words: [verified, declared, none]}}
  signs: {{members: [A, B]}}
  users: {{kind: number, most: 1000000}}
  age: {{kind: completed_years}}
doubts:
  cure:
    readings: [void, cured]
    point: {T}
    source: [act Art. 9]
  note:
    point: {{id: catatan, en: a note}}
derived:
  band: {{of: age, ranges: [3..12, 13..15, 16..17], source: [act Art. 2]}}
  is_child: {{of: age, when: "< 18", source: [act Art. 1]}}
"""

ACCOUNT = f"""
question: account
title: {T}
status: [{{from: 2020-01-01, is: in_force, source: [act Art. 99]}}]
outcomes: [free, allow, ask, deny]
closed: [ask, deny]
undecided: {{age: ask_age, consent: ask, otherwise: unclear}}
texts:
  ask_age: {{id: tanya umur, en: ask the age}}
  ask: {{id: tanya wali, en: ask the guardian}}
  unclear: {{id: belum jelas, en: unclear}}
  not_in_force: {{id: belum berlaku, en: not in force}}
age_by: {{question: claim, when_given: evidence}}
norms:
  - {{id: adult, when: {{age: ">= 18"}}, then: free, lifts: all, source: [act Art. 1], confidence: ">=2", text: {T}}}
  - {{id: high, when: {{age: "< 16", risk: high}}, then: deny, do: [deactivate], source: [act Art. 21], confidence: ">=2", text: {T}}}
  - {{id: high-17, when: {{age: "16..17", risk: high}}, then: deny, from: 2027-03-01, until: 2027-12-31, source: [act Art. 49], confidence: one, text: {T}}}
  - {{id: young, when: {{age: "< 13", made: no}}, then: deny, source: [act Art. 21], confidence: one, text: {T}}}
  - id: ended
    when: {{consent: [refused, withdrawn]}}
    then: deny
    do: [erase]
    source: [act Art. 9]
    confidence: ">=2"
    text: {{id: izin berakhir, en: consent ended}}
  - {{id: not-asked, when: {{consent: none}}, then: ask, notices: [tell_parent], source: [act Art. 9], confidence: ">=2", text: {T}}}
  - {{id: child-cannot, when: {{age: "< 17", consent: granted, by: child, doubt.cure: void}}, then: ask, source: [act Art. 9], confidence: ">=2", text: {T}}}
  - {{id: granted, when: {{consent: granted}}, then: allow, needs: [private], with: {{kind: full}}, doubts: [note], source: [act Art. 9], confidence: ">=2", text: {T}}}
laws:
  - going_right_never_opens: {{risk: [low, high]}}
  - going_right_never_opens: {{consent: [granted, none, refused]}}
  - growing_older_never_closes: {{age: 3}}
  - action_only_when: {{action: erase, when: {{consent: [refused, withdrawn]}}}}
"""

CLAIM = f"""
question: claim
title: {T}
outcomes: [as_stated, at_most_stated, not_at_all]
closed: [at_most_stated, not_at_all]
undecided: {{otherwise: not_at_all}}
texts: {{not_at_all: {T}}}
norms:
  - {{id: proved, when: {{evidence: verified}}, then: as_stated, source: [act Art. 22], confidence: ">=2", text: {T}}}
  - {{id: low-risk, when: {{evidence: declared, risk: low}}, then: as_stated, source: [act Art. 22], confidence: one, text: {T}}}
  - {{id: against, when: {{evidence: declared, risk: high}}, then: at_most_stated, source: [act Art. 22], confidence: one, text: {T}}}
  - {{id: nothing, when: {{evidence: none}}, then: not_at_all, source: [act Art. 22], confidence: one, text: {T}}}
"""

SAID = """free allow ask deny ask_age unclear deactivate erase tell_parent private risk made consent by evidence age
year_age low high granted none refused withdrawn parent child verified declared void cured as_stated at_most_stated
not_at_all signs.A signs.B users in out duty_a duty_b"""
TEXTS = "words:\n" + "".join(f"  {word}: {{id: kata {word}, en: word {word}}}\n" for word in SAID.split())

FILES = {"pack.yaml": PACK, "account.yaml": ACCOUNT, "claim.yaml": CLAIM, "texts.yaml": TEXTS}


def encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    """Files as bytes, as they come from disk."""
    return {name: text.encode() for name, text in files.items()}


def edited(**changes: tuple[str, str]) -> dict[str, bytes]:
    """The pack above with one piece of text replaced per file (`account=("old", "new")`); the old text must be there."""
    files = dict(FILES)
    for stem, (old, new) in changes.items():
        name = f"{stem}.yaml"
        assert old in files[name], old
        files[name] = files[name].replace(old, new)
    return encoded(files)


def pack() -> law.Pack:
    """The pack above, compiled."""
    return law.compile_pack(encoded(FILES))
