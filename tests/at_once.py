"""Acts at the same moment, for tests of rooms: threads that start as one."""

import threading

import pytest
from django.db import connections

from ruangaman.core.errors import RuangAmanError


def together(*acts):
    """Run the acts in threads that start as one; returns what each gave, or the code of its refusal."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=10)
            results[place] = act()
        except RuangAmanError as refused:
            results[place] = refused.code
        except Exception as broken:  # a thread would swallow it
            results[place] = broken
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not [one for one in results if isinstance(one, Exception)], results
    return results


@pytest.fixture(autouse=True)
def writers(transactional_db):
    """What several connections write stands there for each of them at once."""
