"""`ruangaman law check PACK`: what was proved of a pack, or where it breaks."""

import sys
from pathlib import Path


def run(folder: Path) -> int:
    """0 proved, 1 refused, 2 no such folder."""
    from ruangaman.adapters import packs
    from ruangaman.core import law

    if not folder.is_dir():
        print(f"ruangaman law check: {folder}: no such folder", file=sys.stderr)
        return 2
    try:
        pack = packs.compile_folder(folder, thorough=True)
    except law.PackRefused as refused:
        print(f"refused  {refused.code}")
        print(f"  {refused.message}")
        for name, value in (("file", refused.file), ("rule", refused.rule), ("cell", refused.cell)):
            if value:
                print(f"  {name}: {value}")
        return 1
    print(f"{pack.id} {pack.version}  {pack.hash[:16]}")
    print()
    print(f"{'question':<28}{'kind':<8}{'norms':>6}{'cells':>9}{'periods':>9}{'laws':>6}{'compared':>10}")
    for name, kind in sorted(pack.questions.items()):
        if name in pack.proofs:
            one = pack.proofs[name]
            print(
                f"{name:<28}{kind:<8}{one.norms:>6}{one.cells:>9}{one.periods:>9}{one.laws:>6}{one.compared:>10}"
            )
        else:
            print(f"{name:<28}{kind:<8}")
    by_claim = [name for name, one in pack.tables.items() if one.question.age_by is not None]
    proofs = pack.proofs.values()
    print()
    print(
        "proved: every cell decided, no conflict, every norm sourced and counting, lifts and doubts effective, "
        "the applied reading nowhere more open, declared laws, both readings equal"
    )
    if by_claim:
        print(
            f"not proved: an age whose evidence is not sent counts as the asker states it ({', '.join(by_claim)}); "
            "the answer then says age_counts: as_stated_without_evidence"
        )
    print(
        f"{sum(one.norms for one in proofs)} norms, {sum(one.cells for one in proofs)} cells, "
        f"{sum(one.laws for one in proofs)} laws, {sum(one.compared for one in proofs)} comparisons"
    )
    return 0
