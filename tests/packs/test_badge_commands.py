"""`ruangaman learn badge-keys` and `badge-stop`."""

import json
from datetime import UTC, datetime

import pytest

from ruangaman.rooms.learning import badges
from ruangaman.rooms.learning.models import BadgeList
from ruangaman.site.cli import main

EARNED = tuple((20_000 + n // 3, f"i{n}", True) for n in range(5))
pytestmark = pytest.mark.django_db


def badge() -> str:
    now = datetime.now(UTC)
    return badges.issue(objective="TCH-1", given=EARNED, subject="", language="id", now=now).token


def keys(capsys, *asked: str) -> list[str]:
    assert main(["learn", "badge-keys", *asked]) == 0
    return [one["kid"] for one in json.loads(capsys.readouterr().out)["keys"]]


def test_keys_are_told_and_turn(capsys):
    (first,) = keys(capsys)
    second, kept = keys(capsys, "--new")
    assert kept == first != second
    assert first in keys(capsys, "--lost")
    assert second not in keys(capsys)


def test_a_badge_is_stopped_by_its_file(tmp_path, capsys):
    file = tmp_path / "lencana.jwt"
    file.write_text(badge() + "\n")
    assert main(["learn", "badge-stop", str(file)]) == 0
    assert capsys.readouterr().out.startswith("stopped: http")
    assert any(BadgeList.objects.get().stopped)


def test_what_is_no_badge_of_ours_stops_nothing(tmp_path, capsys):
    badge()
    file = tmp_path / "lain.jwt"
    file.write_bytes(b"\xff" * 200_000)
    assert main(["learn", "badge-stop", str(file)]) == 1
    assert "learning.badge-not-ours" in capsys.readouterr().err
    assert main(["learn", "badge-stop", str(tmp_path / "tidak-ada")]) == 1
    assert "learning.file-unwritable" in capsys.readouterr().err
    assert not any(BadgeList.objects.get().stopped)
