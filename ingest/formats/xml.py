"""The only place where XML is parsed: no entities, no DTD, no network, no huge trees.

Uploaded XML is hostile until proven otherwise (XXE, entity bombs). Every
reader that meets XML calls `parse` and handles lxml elements from there.
"""

import re
from typing import Any

from ingest.errors import BrokenFile

# A type that is only named, as in every NCX and old OpenOffice file. It would not be loaded; cut, it cannot be.
_NAMED_TYPE = re.compile(rb"<!DOCTYPE\s[^<>\[\]]*>")
_TYPE_WITHIN = 4096


def parse(data: bytes) -> Any:
    """The root element of an XML text.

    Raises: BrokenFile: not well-formed, or it declares a document type of its own (with which entities come).
    """
    # Here, because only extraction children load lxml.
    from lxml import etree  # type: ignore[import-untyped]

    if named := _NAMED_TYPE.search(data, 0, _TYPE_WITHIN):
        data = data[: named.start()] + data[named.end() :]
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(part="xml") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BrokenFile(part="xml")
    return root
