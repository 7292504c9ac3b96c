"""
A badge by openbadgeslib: {token, issuer, files} on stdin, {holds} or {refused} on stdout.

The key comes from the issuer's did:web document alone, the state from its signed list; `files` stands for the net.
"""

import json
import sys

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.verifier import OB3Verifier

told = json.load(sys.stdin)


def fetch(url, *_args, **_named):
    return told["files"][url].encode()


try:
    verifier = OB3Verifier.for_issuer_did(told["issuer"], download=fetch)
    found = verifier.verify(told["token"], check_status=True, download=fetch)
except LibOpenBadgesException as refused:
    print(json.dumps({"refused": str(refused)}))
else:
    print(
        json.dumps(
            {
                "holds": {
                    "name": found.name,
                    "to": found.recipient_id,
                    "criteria": found.achievement.criteria_narrative,
                    "alignments": [one.target_code for one in found.achievement.alignments],
                }
            }
        )
    )
