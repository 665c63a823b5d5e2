"""The running version's source, as the licence asks: a page that says where, and the archive itself.

AGPL-3.0, section 13: who uses the library over a network may have its source
from that very network. Without HOCLIEU_SOURCE_URL the library serves its own.
"""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from service.http.files import REVALIDATED, bytes_response
from service.web.rendering import Page

PACKAGES = ("service", "ingest", "search_mappings")
# What stands beside the packages in a checkout and belongs to the source.
BESIDE = (
    "pyproject.toml", "Makefile", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md",
    "deploy", "docs", "tests",
)  # fmt: skip
SUFFIXES = frozenset(
    (
        ".py", ".toml", ".html", ".css", ".js", ".svg", ".csv", ".json", ".jsonl", ".txt", ".md",
        ".ini", ".mako", ".lock", ".in", ".typ", ".sh", "",
        ".yaml", ".yml", ".xml", ".template", ".service", ".timer", ".target",
    )
)  # fmt: skip
HIDDEN = ("__pycache__", "node_modules")


@cache
def running_version() -> str:
    try:
        return version("hoclieu")
    except PackageNotFoundError:
        # Run from a folder that was never installed.
        return "0"


def page(page: Page) -> Response:
    """Which version runs, and where its source is."""
    elsewhere = page.door.services.settings.source_url
    archive = f"{page.links.public_url}/source/{archive_name()}"
    return page.render("source.html", version=running_version(), url=elsewhere or archive, elsewhere=bool(elsewhere))


def archive(request: Request) -> Response:
    """The source of the running version as an archive."""
    data, digest = _packed()
    response = bytes_response(request, data, media_type="application/gzip", tag=f'"{digest}"', cache=REVALIDATED)
    response.headers["Content-Disposition"] = f'attachment; filename="{archive_name()}"'
    return response


def archive_name() -> str:
    return f"hoclieu-{running_version()}.tar.gz"


@cache
def _packed() -> tuple[bytes, str]:
    """The archive, the same bytes for the same files. About 300 KB, made when somebody asks for the first time."""
    root = Path(__file__).parent.parent.parent
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for path in _files(root):
            entry = tarfile.TarInfo(f"hoclieu-{running_version()}/{path.relative_to(root).as_posix()}")
            data = path.read_bytes()
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue(), hashlib.sha256(packed.getvalue()).hexdigest()[:32]


def _files(root: Path) -> Iterator[Path]:
    names = PACKAGES + (BESIDE if (root / "pyproject.toml").is_file() else ())
    for name in names:
        start = root / name
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in found:
            parts = path.relative_to(root).parts
            hidden = any(part.startswith(".") or part in HIDDEN for part in parts)
            if path.is_file() and not path.is_symlink() and not hidden and path.suffix in SUFFIXES:
                yield path
