"""`python -m bench.pack_times`: CPU seconds and bytes of each kind of file: all lessons of each audience, twice."""

import json
import os
import time
from contextlib import suppress

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
    django.setup()
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import courses
    from ruangaman.rooms.learning.errors import NoQuestions
    from ruangaman.rooms.learning.packs import kinds

    course, now = courses.course(), clock.now()
    kinds.KINDS["offline"].make(
        course, ("B3-2",), "id", now
    )  # the law is read once, whichever kind comes first
    told = {}
    for kind in kinds.KINDS.values():
        begin = time.process_time()
        sizes = []
        for audience in course.scheme.audiences:
            for language in ("id", "en"):
                # The youngest are asked nothing, so a package of questions alone holds nothing for them.
                with suppress(NoQuestions):
                    made = kind.make(course, kinds.lessons_of(course, audience.id), language, now)
                    sizes.append(len(made))
        told[kind.name] = {
            "seconds": time.process_time() - begin,
            "files": len(sizes),
            "largest": max(sizes),
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
