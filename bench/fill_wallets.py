"""
`python -m bench.fill_wallets COUNT`: wallets of adults in the house that the environment names.

Each comes after a check of its own. Prints their secrets and the ids of the keys whose tokens they may fetch as JSON.
"""

import json
import os
import sys

import django


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
    django.setup()
    from django.db import transaction

    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import holders, issuing
    from ruangaman.rooms.ages.tests.conftest import wallet

    now = clock.now()
    with transaction.atomic():
        secrets = [wallet(18, True, now=now)[0] for _ in range(count)]
    keys = [one.key_id.hex() for one in issuing.offers(holders.login(secrets[0]), now=now)]
    print(json.dumps({"secrets": secrets, "keys": keys}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
