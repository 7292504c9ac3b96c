"""`python -m fuzz.one NAME [libFuzzer flags]`: the process of one target, the only place that knows atheris."""

import sys


def main(arguments: list[str]) -> None:
    import atheris

    # What is to be steered into is instrumented as it is imported; what was imported before is not.
    with atheris.instrument_imports(include=["ruangaman.core.credentials"]):
        from fuzz.__main__ import load

        found = load(arguments[1])
    atheris.Setup([arguments[0], *arguments[2:]], found)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
