"""`python -m bench.pack_times`: CPU seconds and bytes of each kind of file: all lessons of each audience, twice."""

import json
import os
import time

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
    django.setup()
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import courses
    from ruangaman.rooms.learning.packs import kinds

    course, now = courses.course(), clock.now()
    kinds.KINDS["offline"].make(
        course, ("B3-2",), "id", now
    )  # the law is read once, whichever kind comes first
    told = {}
    for kind in kinds.KINDS.values():
        begin = time.process_time()
        sizes = [
            len(kind.make(course, kinds.lessons_of(course, audience.id), language, now))
            for audience in course.scheme.audiences
            for language in ("id", "en")
        ]
        told[kind.name] = {
            "seconds": time.process_time() - begin,
            "files": len(sizes),
            "largest": max(sizes),
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
