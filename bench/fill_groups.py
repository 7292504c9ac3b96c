"""`python -m bench.fill_groups make GROUPS SEATS | count`: groups of the bench in the house of the environment."""

import json
import os
import sys

import django


def main(act: str, *sizes: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
    django.setup()
    print(json.dumps(_made(*map(int, sizes)) if act == "make" else _counted()))


def _made(groups: int, seats_wanted: int) -> dict[str, object]:
    """Groups, and of each form the answers of a sheet."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import courses
    from ruangaman.rooms.learning.groups import making

    codes = []
    for number in range(groups):
        row, token = making.make(
            name=f"Ukur {number}",
            audience="B3",
            objectives=["B3-2"],
            seats_wanted=seats_wanted,
            language="id",
            region="",
            campaign="",
            network=f"10.0.{number // 250}.{number % 250}",
            now=clock.now(),
        )
        codes += [list(one) for one in making.codes(row, making.read(token))]
    forms = {
        letter: {
            "version": form.version,
            "answers": [[item.id, item.answer, True] for item in form.items],
        }
        for (objective, letter), form in courses.course().forms.items()
        if objective == "B3-2"
    }
    return {"codes": codes, "forms": forms}


def _counted() -> dict[str, int]:
    """Sheets in all, and how many seats have one: the same where none is doubled."""
    from ruangaman.rooms.learning.models import Sheet

    return {
        "sheets": Sheet.objects.count(),
        "seats": Sheet.objects.values("seat_id").distinct().count(),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
