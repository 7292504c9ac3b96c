"""The process that verifies one Longfellow proof: a task as JSON on standard input, the answer as exit status."""

import hashlib
import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruangaman.adapters.longfellow import CANNOT, DOES_NOT_HOLD, HOLDS


def main() -> int:
    told: dict[str, Any] = json.load(sys.stdin)
    seconds, memory = told["seconds"], told["bytes_of_memory"]
    resource.setrlimit(resource.RLIMIT_CPU, (4 * seconds, 4 * seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no picture of the memory is left on disk
    try:
        from pylongfellow import LongfellowError, Pylongfellow
        from pylongfellow.mdoc import PublicKey, RequestedAttribute
    except ImportError:
        return CANNOT
    circuit = Path(told["circuit"]).read_bytes()
    if hashlib.sha256(circuit).hexdigest() != told["sha256"]:
        return CANNOT
    verifier = Pylongfellow(backend="google-cpp")
    verifier.load_circuit(circuit, told["version"], told["num_attributes"])
    claims = [RequestedAttribute(space, name, bytes.fromhex(value)) for space, name, value in told["claims"]]
    try:
        verifier.verify(
            PublicKey(int(told["x"], 16), int(told["y"], 16)),
            bytes.fromhex(told["transcript"]),
            claims,
            datetime.fromtimestamp(told["timestamp"], UTC),
            bytes.fromhex(told["proof"]),
            told["doc_type"],
        )
    except (LongfellowError, ValueError):
        return DOES_NOT_HOLD
    return HOLDS


if __name__ == "__main__":
    sys.exit(main())
