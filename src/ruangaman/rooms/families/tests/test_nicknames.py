"""The room itself takes no nickname that could not stand in a guardian's letter, whoever calls it."""

import pytest

from ruangaman.adapters import clock
from ruangaman.rooms.families import api
from ruangaman.rooms.families.models import Child
from ruangaman.rooms.families.tests.conftest import row
from ruangaman.rooms.ledger.models import Entry


@pytest.mark.parametrize(
    "name", ["evil.id", "ibu@contoh", "0812 345", "Sa\u200cri", "Sa\ufe0fri", "\u202eiraS", "!", "x" * 41]
)
def test_what_is_no_nickname_is_refused_and_nothing_is_written(db, name):
    with pytest.raises(api.NicknameRefused):
        api.add_child(nickname=name, age=None, now=clock.now())
    assert not Child.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"), [("  Sari   Dewi ", "Sari Dewi"), ("", "Anak Anda"), (None, "Anak Anda")]
)
def test_blanks_are_tidied_and_no_name_is_no_name(ask, name, kept):
    from ruangaman.rooms.families.views.common import name_of

    child = api.add_child(nickname=name, age={"at_least": 10, "at_most": 10}, now=clock.now())
    assert name_of(row(ask(child=child)).child) == kept
