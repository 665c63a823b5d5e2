"""The systemd units: systemd understands them, they are hardened, and readers keep their guards under them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy import DEPLOY, tool
from tests.unit.house.tree import ROOT

UNITS = DEPLOY / "systemd"
INSTALLED = "/opt/hoclieu"
# Of 10 (no protection at all) the most that each may be exposed; systemd-analyze counts what is absent.
EXPOSED = {"hoclieu-web@": 1.5, "hoclieu-migrate": 1.5, "hoclieu-backup": 1.5, "hoclieu-worker@": 4.0}


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """As installed: the program that they start is that of this clone, since systemd looks whether it is there."""
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace(f"{INSTALLED}/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text.replace(INSTALLED, str(ROOT)), encoding="utf-8")
    return tmp_path


def test_systemd_understands_every_line(units: Path) -> None:
    names = [f"{unit.stem}1{unit.suffix}" if unit.stem.endswith("@") else unit.name for unit in units.iterdir()]
    done = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", *(str(units / name) for name in names)],
        capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip
    about_ours = [line for line in done.stderr.splitlines() if "hoclieu" in line]
    assert (done.returncode, about_ours) == (0, [])


@pytest.mark.parametrize("unit", EXPOSED)
def test_a_unit_is_not_more_exposed_than_it_must_be(units: Path, unit: str) -> None:
    done = subprocess.run(
        [tool("systemd-analyze"), "security", "--offline=yes", "--no-pager", str(units / f"{unit}.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"exposure level for .*: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= EXPOSED[unit]


def test_each_unit_runs_a_command_that_is_there_with_options_that_it_has() -> None:
    starts = [
        line for unit in UNITS.glob("*.service") for line in unit.read_text().splitlines() if "ExecStart=" in line
    ]
    assert len(starts) == 4
    for line in starts:
        words = line.partition("bin/hoclieu ")[2].split()
        said = subprocess.run(
            [sys.executable, "-m", "service.cli", words[0], "--help"],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
        assert [word for word in words[1:] if word.startswith("--") and word not in said] == []


def test_what_a_worker_s_unit_leaves_out_is_explained_there() -> None:
    text = (UNITS / "hoclieu-worker@.service").read_text(encoding="utf-8")
    web = (UNITS / "hoclieu-web@.service").read_text(encoding="utf-8")
    names = re.compile(r"^([A-Z]\w+)=", re.MULTILINE)
    absent = set(names.findall(web)) - set(names.findall(text)) - {"SystemCallErrorNumber"}
    explained = set(re.findall(r"([A-Z]\w+)=", text.partition("# Left out:")[2].partition("[Install]")[0]))
    assert absent == explained


# $1: a folder that nobody else may enter, $2: Python's own below it, which a user must see; $3, $4: stay writable.
_AS_INSTALLED = """set -e
if [ -n "$1" ]; then
  aside=$(mktemp -d)
  mount --bind "$2" "$aside"
  mount -t tmpfs -o mode=755 none "$1"
  mkdir -p "$2"
  mount --bind "$aside" "$2"
fi
mount --bind "$3" "$3"
mount --bind "$4" "$4"
mount -o remount,ro,bind /
shift 4
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user, and mounting, takes root")
def test_readers_keep_their_guards_without_capabilities_and_with_a_read_only_root() -> None:
    """What the units and the images take away: root, capabilities, new privileges, writing outside of two folders."""
    if closed := _closed(str(ROOT)):
        pytest.skip(f"other users may not enter {closed}, where this clone stands")
    folder = Path("/var/tmp") / f"hoclieu-test-{os.getpid()}"  # noqa: S108 - a user must get there
    places = [folder / "home", folder / "scratch"]
    for place in places:
        place.mkdir(parents=True)
        os.chown(place, 10001, 10001)
    command = [
        tool("unshare"), "--mount", "--propagation", "private", "sh", "-c", _AS_INSTALLED, "sh",
        _closed(sys.base_prefix), str(Path(sys.base_prefix).resolve()), *map(str, places),
        sys.executable, "-m", "service.cli", "doctor",
    ]  # fmt: skip
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8",
        "HOCLIEU_HOME": str(places[0]), "TMPDIR": str(places[1]), "HOCLIEU_LANGUAGE": "en",
    }  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=ROOT, env={**environment}, capture_output=True, text=True, check=False, timeout=120
        )
    finally:
        shutil.rmtree(folder)
    guards = [line for line in done.stdout.splitlines() if "Guard while reading" in line]
    assert len(guards) == 9, done.stdout + done.stderr
    assert [line for line in guards if not line.startswith("✓")] == []


def _closed(path: str) -> str:
    """The outermost folder above a path that other users may not enter, or nothing."""
    above = [*reversed(Path(path).resolve().parents), Path(path).resolve()]
    return next((str(folder) for folder in above if not folder.stat().st_mode & 0o001), "")
