"""Programs outside Python that readers call: one module a program, with its version, time limit and errors."""

import shutil

# Children have no PATH; these are where Debian, a local build and Homebrew put programs.
FOLDERS = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"


def installed(name: str) -> str | None:
    """The path of a program that the machine has, the same for children and for whoever asks before them."""
    return shutil.which(name, path=FOLDERS)
