"""LibreOffice: office files as PDF, several in one start of the program.

Called by `ingest/illustrate/office.py`, so always inside a child of the
sandbox: its memory, its files and the missing network hold for LibreOffice
too. Starting costs a second and a half with a fresh profile, a small file
0.1–0.3 s (measured on 30 presentations): hence batches.

What it does with a file that it cannot read, or when it dies half-way: the
exit status stays 0, or says nothing about which file. So only the outputs
count, and each of them must be whole.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ingest.errors import TooExpensive, ToolMissing
from ingest.tools import installed

NAMES = ("soffice", "libreoffice")
# The program itself: the script and the launcher around it would outlive a kill, or it them.
_BINARY = "soffice.bin"
# What a fresh profile ends with: "start me again".
_AGAIN = 81
_PR_SET_PDEATHSIG = 1
_TAIL_BYTES = 1024

# No macros, and nothing that a document points at is loaded: a linked picture or section may be any file of this
# machine. Names: officecfg/registry/schema/org/openoffice/Office/*.xcs.
_PROFILE = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "2"),
)
_OPTIONS = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard")


def find() -> Path:
    """The program. Raises: ToolMissing."""
    for name in NAMES:
        if found := installed(name):
            binary = Path(found).resolve().parent / _BINARY
            if os.access(binary, os.X_OK):
                return binary
    raise ToolMissing(tool="soffice")


def is_there() -> bool:
    """Whether this machine has it."""
    try:
        find()
    except ToolMissing:
        return False
    return True


def to_pdf(
    files: Sequence[tuple[Path, str]], *, filter: str, folder: Path, seconds: float, program: Path | None = None
) -> list[Path | None]:
    """Convert copies of files, given with the extension that says what they are.

    filter: of the export, with its options (`writer_pdf_Export:{…}`). folder: empty, for copies, profile and
    outputs. seconds: for all of them together; then the program and whatever it started are killed.
    Returns: a whole PDF a file in the same order, None where there is none: broken, too slow, or it crashed.
    Raises: ToolMissing.
    """
    program = program or find()
    for name in ("in", "out", "profile/user"):
        (folder / name).mkdir(parents=True)
    (folder / "profile/user/registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    copies = [folder / "in" / f"{number:04}.{extension}" for number, (_, extension) in enumerate(files)]
    for (path, _), copy in zip(files, copies, strict=True):
        # A copy: the program puts lock files beside what it opens.
        shutil.copyfile(path, copy)
    command = [
        str(program), f"-env:UserInstallation={(folder / 'profile').as_uri()}", *_OPTIONS,
        "--convert-to", f"pdf:{filter}", "--outdir", str(folder / "out"), *map(str, copies),
    ]  # fmt: skip
    if _run(command, folder, seconds) == _AGAIN:
        _run(command, folder, seconds)
    outputs = [folder / "out" / f"{copy.stem}.pdf" for copy in copies]
    return [output if _is_whole(output) else None for output in outputs]


def _run(command: Sequence[str], folder: Path, seconds: float) -> int:
    """Its exit status; negative where it was killed."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own words, paths made here
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8",
                 # Otherwise each of its threads reserves 64 MB of the address space that the child may have.
                 "MALLOC_ARENA_MAX": "2"},
            # The child of the sandbox has one thread, so that running words of ours before the program is safe.
            process_group=0, preexec_fn=_die_with_us,
        )  # fmt: skip
    except BlockingIOError as error:
        raise TooExpensive(limit="processes") from error
    except OSError as error:
        # There when it was looked for, and not to be run: gone, or kept from us.
        raise ToolMissing(tool="soffice") from error
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        _kill(process)


def _die_with_us() -> None:
    # The sandbox kills the child's process group, and this program has one of its own.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The whole group: what it started goes too, also when it ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _profile() -> str:
    items = "\n".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _PROFILE
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n{items}\n</oor:items>\n'
    )


def _is_whole(output: Path) -> bool:
    """A PDF with both its ends: a kill may come in the middle of writing."""
    if not output.is_file() or output.is_symlink():
        return False
    with output.open("rb") as source:
        begins = source.read(5) == b"%PDF-"
        source.seek(max(0, output.stat().st_size - _TAIL_BYTES))
        return begins and b"%%EOF" in source.read()
