"""Rules of the source that no linter knows."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.unit.house.tree import ROOT, SHIPPED, name, parsed, sources, tracked

LONGEST_MODULE = 300
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_module_says_what_it_is() -> None:
    silent = [
        name(path)
        for path in sources(*SHIPPED, "docs", "deploy")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_a_long_module_says_why_it_is_long() -> None:
    unexplained = [
        name(path)
        for path in sources(*SHIPPED, "tests", "docs", "deploy")
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE
        # A migration is written once and never touched again.
        and path.parent.name != "versions"
        and "long" not in (ast.get_docstring(parsed(path)) or "").split()
    ]
    assert unexplained == []


def test_nothing_is_left_for_later() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b")
    found = [name(path) for path in sources(*SHIPPED) if left.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_only_the_settings_read_the_environment() -> None:
    readers = []
    for path in sources(*SHIPPED):
        # Setting a variable for a child of ours is no reading: os.environ["TMPDIR"] = …
        written = {
            id(node.value)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        }
        readers += [
            f"{name(path)}:{node.lineno}"
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Attribute)
            and node.attr in ("environ", "getenv", "environb")
            and id(node) not in written
        ]
    assert [reader for reader in readers if not reader.startswith("service/settings.py:")] == []


def _imported(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.split(".")[0])
    return modules - sys.stdlib_module_names - {*SHIPPED, "tests", "docs", "deploy"}


def _normal(package: str) -> str:
    """As package indexes compare names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def _declared(requirements: list[str]) -> set[str]:
    return {_normal(re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0]) for line in requirements}


@pytest.mark.parametrize(
    ("folders", "allowed"),
    [
        ((*SHIPPED, "deploy"), PROJECT["project"]["dependencies"]),
        (("tests", "docs"), PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
    ids=["shipped", "tests"],
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], allowed: list[str]) -> None:
    owners = packages_distributions()
    undeclared = {
        f"{name(path)}: {module}"
        for path in sources(*folders)
        for module in _imported(path)
        if not set(map(_normal, owners.get(module, [module]))) & _declared(allowed)
    }
    assert undeclared == set()


def test_every_dependency_says_its_licence_and_reason() -> None:
    # Until the first table that holds no requirements.
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[project.scripts]")[0]
    lines = [line for line in text.splitlines() if re.match(r'\s+"[a-z]', line)]
    assert len(lines) == len(PROJECT["project"]["dependencies"]) + len(PROJECT["dependency-groups"]["dev"])
    assert [line for line in lines if not re.search(r"#\s+[A-Z][\w.-]+(?: or [\w.-]+)?; \S.{10,}", line)] == []


def test_every_debian_package_says_its_kind_and_reason() -> None:
    lines = (ROOT / "deploy/debian-packages.txt").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    form = re.compile(r"[a-z0-9.+-]+ +# (required|setup|test|optional): \S.{5,}")
    assert entries
    assert [line for line in entries if not form.fullmatch(line)] == []


def test_lock_files_pin_every_package_with_hashes() -> None:
    for lock in ("requirements.txt", "requirements-dev.txt", "deploy/uv.txt"):
        entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))
        pins = [entry for entry in entries if not entry.startswith("#")] or entries
        assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_the_lock_file_holds_what_the_project_asks_for() -> None:
    locked = _declared(re.findall(r"^[a-z0-9][^ ]+", (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"), re.M))
    asked = _declared(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"])
    assert asked - locked == set()


def test_no_file_names_a_package_index() -> None:
    """Each machine has its own index; a mirror written down works on one machine only."""
    option = re.compile(
        r"--(?:extra-)?index-url[ =]|--find-links[ =]|--default-index|\bindex-url *=|\[\[tool\.uv\.index"
    )
    installs = re.compile(r"requirements[\w-]*\.txt$|deploy/.*\.(?:sh|txt)$|^Makefile$|^\.ci/|^pyproject\.toml$|lock")
    found = []
    for path in tracked():
        if path == name(Path(__file__)):
            continue
        text = (ROOT / path).read_bytes().decode("utf-8", errors="ignore")
        # The demo's own address is the only one that an installing file may hold.
        addresses = re.findall(r"https?://(?!127\.0\.0\.1)\S+", text) if installs.search(path) else []
        if option.search(text) or addresses:
            found.append(path)
    assert found == []


def test_no_file_names_a_place_on_one_machine() -> None:
    places = re.compile(rb"(?<![\w.}])/(?:work|root)/(?:main|shared|\.library|\.pyenv|\.config)")
    assert [path for path in tracked() if places.search((ROOT / path).read_bytes())] == []
