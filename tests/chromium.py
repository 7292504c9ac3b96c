"""Where a Chromium stands that starts."""

import os
import shutil
import subprocess

# The same engine without the windows and tabs that nobody sees costs a third of the work; it goes first.
QUICKER = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def program(*, whole: bool = False) -> str | None:
    """
    The path of one that starts (Ubuntu's stub of a snap does not); None lets Playwright take its own build.

    `whole`: one that answers as a person would who is asked for the camera, and not only draws pages.
    """
    for name in (os.environ.get("RUANGAMAN_CHROMIUM", ""), *(() if whole else (QUICKER,)), *NAMES):
        path = shutil.which(name) if name else None
        if path and not subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode:
            return path
    return None
