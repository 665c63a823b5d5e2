"""The guards hold for a worker that is not root, and where a machine refuses some, the others hold and it is said."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.house.tree import ROOT

_NOBODY = "65534"
# $1: a folder that nobody else may enter, $2: Python's own below it, which a user must see; the rest is run.
_AS_A_USER = f"""set -e
if [ -n "$1" ]; then
  aside=$(mktemp -d)
  mount --bind "$2" "$aside"
  mount -t tmpfs -o mode=755 none "$1"
  mkdir -p "$2"
  mount --bind "$aside" "$2"
fi
shift 2
exec setpriv --reuid {_NOBODY} --regid {_NOBODY} --clear-groups --bounding-set=-all "$@"
"""


def _closed(path: str) -> str:
    """The outermost folder above a path that other users may not enter, or nothing."""
    above = [*reversed(Path(path).resolve().parents), Path(path).resolve()]
    return next((str(folder) for folder in above if not folder.stat().st_mode & 0o001), "")


def test_every_attempt_fails_for_a_user_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    if os.getuid() != 0:
        pytest.skip("this suite runs as a user already")
    if closed := _closed(str(ROOT)):
        pytest.skip(f"other users may not enter {closed}, where this clone stands")
    folder = Path("/var/tmp") / f"hoclieu-test-{os.getpid()}"  # noqa: S108 - a user must get there
    command = [
        "unshare", "--mount", "--propagation", "private", "sh", "-c", _AS_A_USER, "sh",
        _closed(sys.base_prefix), str(Path(sys.base_prefix).resolve()), sys.executable, "-m", "pytest", "-q", "-rs",
        "-p", "no:cacheprovider", "--basetemp", str(folder / "base"), "tests/faults/test_confined_readers.py",
    ]  # fmt: skip
    folder.mkdir()
    os.chown(folder, int(_NOBODY), int(_NOBODY))
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        subprocess.run(["rm", "-rf", folder], check=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    # A guard that this machine gives root and not a user would be skipped above.
    assert "skipped" not in done.stdout.splitlines()[-1], done.stdout[-4000:]


_REFUSING = """
import json, sys, time
from pathlib import Path
from ingest.document import Bundle
from ingest.sandbox import Sandbox, guards, seccomp
guards.gain_no_privileges()
seccomp.enforce(seccomp.program())
with Sandbox(extra_extractors=["tests.faults.misbehaving"]) as sandbox:
    told = [sandbox.read(Bundle(Path(path), "order.txt")).passages[0].text for path in sys.argv[1:]]
    left = Path("/proc", told[1], "cmdline")
    while left.exists() and left.read_bytes():
        time.sleep(0.02)
    print(json.dumps([told[0], dict(sandbox.guards())]))
"""


def test_guards_that_the_machine_refuses_are_named_and_the_others_hold(tmp_path: Path) -> None:
    """Run under a filter that refuses namespaces, as some machines refuse them to users."""
    order = tmp_path / "order.txt"
    order.write_text(f"attempt Path('{__file__}').read_text(); Path('{tmp_path}/other').read_text()")
    (tmp_path / "other").write_text("secret")
    (tmp_path / "escape.txt").write_text("escape")
    command = [sys.executable, "-c", _REFUSING, order, tmp_path / "escape.txt"]
    # Also ends only when what the second reader left behind is gone.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    told, guards = json.loads(done.stdout)
    assert told == "refused EACCES"
    assert guards["files"] is True
    assert guards["calls"] is True
    assert guards["network"] == guards["temporary"] == "Operation not permitted"
