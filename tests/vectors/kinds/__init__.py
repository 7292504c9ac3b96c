"""Which check reads which folder of vectors. One module a family of formats; each names its folders in `CHECKS`."""

import importlib
import pkgutil

from tests.vectors.outcome import Check

KINDS: dict[str, Check] = {}
for _module in pkgutil.iter_modules(__path__):
    KINDS.update(importlib.import_module(f"{__name__}.{_module.name}").CHECKS)
