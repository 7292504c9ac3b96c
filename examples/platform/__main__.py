"""`python -m examples.platform --settings FILE --data FILE --port 8001`: serve the three services."""

import argparse
import json
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from examples.platform.app import Person, Platform
from examples.platform.arriving import Arriving
from examples.platform.cards import Cards
from examples.platform.door import Door
from examples.platform.store import Store
from examples.serving import clock_of, serve


def main() -> int:
    """Read the settings and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="examples.platform", description=__doc__)
    parser.add_argument(
        "--settings", type=Path, required=True, help="JSON that `ruangaman story fill` writes"
    )
    parser.add_argument("--data", default=":memory:", help="SQLite file of the platform's own data")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--clock", type=Path, help="file: seconds by which the story's clock is moved")
    arguments = parser.parse_args()
    settings = json.loads(arguments.settings.read_text())
    cast = [
        Person(one["key"], one["nickname"], date.fromisoformat(one["birth_date"]), one["guardian_mail"])
        for one in settings["cast"]
    ]
    inside, services = settings["ruangaman"], settings["services"]
    house, now = settings.get("house", inside), clock_of(arguments.clock)
    sign_in = {}
    if find_spec("authlib") is not None:  # an example may do without; then it does not offer this way
        from examples.platform.signin import SignIn

        sign_in = {
            slug: SignIn(house, inside, known["openid"])
            for slug, known in services.items()
            if known.get("openid")
        }
    door, store = Door(inside, services), Store(arguments.data)
    cards = Cards(house, inside, lambda: now().timestamp())
    platform = Platform(door, store, cast, now, Arriving(door, store, cards, sign_in))
    return serve(platform.handle, port=arguments.port, name="Ramai")


if __name__ == "__main__":
    sys.exit(main())
