"""The only place where XML is parsed: no entities, no DTD, no network, no huge trees.

Uploaded XML is hostile until proven otherwise (XXE, entity bombs). Every
reader that meets XML calls `parse` and handles lxml elements from there.
"""

from typing import Any

from ingest.errors import BrokenFile


def parse(data: bytes) -> Any:
    """The root element of an XML text.

    Raises: BrokenFile: not well-formed, or it declares a document type (with which entities come).
    """
    # Here, because only extraction children load lxml.
    from lxml import etree  # type: ignore[import-untyped]

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
