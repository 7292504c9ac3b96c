"""Laws of helplines: nothing looks checked that nobody called, and no release carries what is stale."""

from datetime import date, timedelta
from itertools import product

import msgspec
import pytest
from msgspec.structs import replace

from ruangaman.adapters import helpline_files
from ruangaman.adapters.helpline_files import HelplinesUnreadable
from ruangaman.core import helplines
from ruangaman.core.helplines import CONFIDENCES, LONGEST, Lines
from ruangaman.site import cli

TOLD = helpline_files.lines()
CALLED = date(2026, 11, 30)
LINE = next(one for one in TOLD.lines if one.id == "sapa-129")


def called(days: int, verified: date = CALLED) -> Lines:
    """Every line called on a day, to be called again after some days."""
    ends = verified + timedelta(days=days)
    return replace(
        TOLD, lines=tuple(replace(one, verified_on=verified, expires_on=ends) for one in TOLD.lines)
    )


def test_nobody_has_called_yet_so_no_line_looks_checked_and_no_release_goes_out():
    assert all(one.verified_on is None and one.expires_on is None for one in TOLD.lines)
    for children in (True, False):
        for service in helplines.shown(TOLD, CALLED, children=children):
            assert not any(way.checked for way in service.ways)
    unphoned = {one.line for one in helplines.faults(TOLD, CALLED) if one.code == "helpline.not-phoned"}
    assert unphoned == {one.id for one in TOLD.lines if one.region and one.value}


@pytest.mark.parametrize(
    ("after", "fresh"), [(-1, False), (0, True), (180, True), (181, False), (400, False)]
)
def test_a_call_counts_from_its_day_until_its_end(after, fresh):
    on, told = CALLED + timedelta(days=after), called(180)
    assert all(one.checked(on) is fresh for one in told.lines)
    assert (helplines.faults(told, on) == []) is fresh


def test_no_end_lies_further_away_than_half_a_year_and_a_later_one_helps_nothing():
    told = called(400)
    assert {one.code for one in helplines.faults(told, CALLED)} == {"helpline.lasts-too-long"}
    assert not told.lines[0].checked(CALLED + LONGEST + timedelta(days=1))


def test_one_day_alone_is_a_fault_and_counts_as_nothing():
    half = replace(LINE, verified_on=CALLED)
    told = replace(TOLD, lines=(half, half))
    assert {one.code for one in helplines.faults(told, CALLED)} == {"helpline.half-dated", "helpline.twice"}
    assert not half.checked(CALLED)


def test_children_see_nothing_less_sure_and_nothing_for_adults():
    for confidence, audience in product(CONFIDENCES, ("all", "adults")):
        told = replace(TOLD, lines=(replace(LINE, confidence=confidence, audience=audience),))
        children = bool(helplines.shown(told, CALLED, children=True))
        adults = bool(helplines.shown(told, CALLED, children=False))
        assert children is (confidence in ("high", "medium-high", "medium") and audience == "all")
        assert adults is (confidence != "unchecked")


def test_a_line_of_one_region_is_shown_there_alone():
    told = replace(TOLD, lines=(replace(LINE, region=("31", "32.12")),))
    for region, there in {
        "31.71": True,
        "31": True,
        "32.12": True,
        "32.1": False,
        "3": False,
        None: False,
    }.items():
        assert bool(helplines.shown(told, CALLED, children=True, region=region)) is there


def test_the_table_has_every_service_that_may_be_printed_and_no_body_without_a_number():
    services = {one.name_id for one in TOLD.lines}
    assert {"SAPA 129", "KPAI", "TePSA", "SEJIWA", "JakCare", "Aduan Konten", "Stop Judi Online"} <= services
    assert not any("Komnas" in name or "LPAI" in name for name in services)
    for word in ("110", "112"):
        line = next(one for one in TOLD.lines if one.value == word)
        assert line.region == ()
        assert line.confidence == "unchecked"


@pytest.mark.parametrize(
    "spoilt",
    ["format: 2", "[]", "\t- :", "lines: !!python/object:x {}", "\xff", "a: 1\n" * 60000],
)
def test_a_file_that_is_not_in_its_form_is_refused(tmp_path, spoilt):
    file = tmp_path / "ID.yaml"
    file.write_bytes(spoilt.encode("latin-1"))
    with pytest.raises(HelplinesUnreadable):
        helpline_files.read(file)
    with pytest.raises(HelplinesUnreadable):
        helpline_files.read(tmp_path / "none.yaml")


def test_the_command_stops_a_release_and_lets_one_go(tmp_path, capsys):
    assert cli.main(["learn", "helplines", "--on", "2026-11-30"]) == 1
    told = capsys.readouterr().out
    assert "sapa-129: 129 (everywhere; high; not checked by phone)" in told
    assert "helpline.not-phoned: sapa-129" in told
    file = tmp_path / "ID.yaml"
    file.write_bytes(msgspec.yaml.encode(called(180)))
    assert cli.main(["learn", "helplines", "--file", str(file), "--on", "2027-05-29"]) == 0
    assert capsys.readouterr().out.endswith("17 lines, 0 faults\n")
    assert cli.main(["learn", "helplines", "--file", str(file), "--on", "2027-05-30"]) == 1
    assert "helpline.expired: sapa-129: 2027-05-29" in capsys.readouterr().out
