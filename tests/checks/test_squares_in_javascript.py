"""The map's own module rounds a position to the square that the house would give."""

import json
import random
import subprocess

from tests.architecture.source import PACKAGE
from tests.peers import FOLDER, NODE

from ruangaman.core.reports import grid

MODULE = PACKAGE / "rooms" / "places" / "static" / "places" / "kotak.js"


def test_the_browser_and_the_house_round_alike():
    chance = random.Random(6)
    places = [
        (chance.uniform(95, 141), chance.uniform(-11, 6), chance.choice([50, 100, 250])) for _ in range(5_000)
    ]
    places += [(*grid.centre(grid.cell_of(*place)), place[2]) for place in places[:500]]
    done = subprocess.run(
        [NODE, FOLDER / "kotak.mjs", MODULE],
        input=json.dumps(places),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [str(grid.cell_of(*place)) for place in places]
