"""
What the operator states of how a service handles data: where it is kept, how long, to whom it goes.

Nothing is made up. What the operator has not stated is said to be unstated, in the record and on every page; an empty
list is a statement ("none"). The names are those of ISO/IEC TS 27560:2023.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ruangaman.rooms.families.types import HANDLING_LISTS, HANDLING_TEXTS, Text

NOT_STATED: Final = Text(id="belum dinyatakan pengelola", en="not stated by the operator")
MARKS: Final = ("pii_optional", "sensitive_pii_category", "special_pii_category")
IN_SHORT: Final = ("storage_locations", "retention_period", "recipient_third_parties")


def stated(card: Mapping[str, Any], name: str) -> Any:
    """What the operator stated under this name when the guardian was asked; None when nothing."""
    if name == "party_contact":
        return card.get("contact") or None
    return (card.get("handling") or {}).get(name)


def for_record(card: Mapping[str, Any], name: str) -> Any:
    """The value of a field of the record: the operator's own words in both languages, or that there are none."""
    said = stated(card, name)
    if said is not None:
        return said
    return [NOT_STATED] if name in HANDLING_LISTS else NOT_STATED


def not_stated(card: Mapping[str, Any]) -> list[str]:
    """The names of the fields of a record about which the operator said nothing."""
    names = (*HANDLING_LISTS, *HANDLING_TEXTS, "party_address", "party_contact")
    missing = [name for name in names if stated(card, name) is None]
    return missing + [name for name in MARKS if any(name not in one for one in card["data_requested"])]


def lines(card: Mapping[str, Any], names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """
    Pairs of word and value in the language of the page, and at the end what is not stated. `names`: these alone.
    """
    words = {
        "storage_locations": _("Tempat simpan"),
        "retention_period": _("Lama simpan"),
        "recipient_third_parties": _("Penerima data"),
        "processing_locations": _("Tempat olah"),
        "geographic_restrictions": _("Batas wilayah"),
        "collection_method": _("Cara didapat"),
        "processing_method": _("Cara diolah"),
        "party_address": _("Alamat pengelola"),
        "party_contact": _("Kontak pengelola"),
    }
    chosen = {name: word for name, word in words.items() if not names or name in names}
    said = {name: stated(card, name) for name in chosen}
    found = [(chosen[name], _value(value)) for name, value in said.items() if value is not None]
    missing = [chosen[name].lower() for name, value in said.items() if value is None]
    return [*found, (_("Belum dinyatakan pengelola"), ", ".join(missing))] if missing else found


def _value(said: Any) -> str:
    if isinstance(said, str):
        return said
    if isinstance(said, Mapping):
        return str(said["en" if (get_language() or "id").startswith("en") else "id"])
    return "; ".join(map(_value, said)) or _("tidak ada")
