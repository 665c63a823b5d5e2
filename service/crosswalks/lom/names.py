"""Words that the writer and the reader of LOM share."""

NAMESPACE = "http://ltsc.ieee.org/xsd/LOM"
SCHEMA = "http://ltsc.ieee.org/xsd/lomv1.0/lomLoose.xsd"
BASE = "LOMv1.0"
"""The source of the standard's own words; a word of anybody else must name another one."""
TYPES = "urn:hoclieu:type"
AUDIENCE = "urn:hoclieu:audience"
RELATIONS = "urn:hoclieu:relation"
LICENCES = "urn:hoclieu:licence"

PURPOSES = {"subjects": "discipline", "grades": "educational level", "outcomes": "educational objective"}
"""Field of a record -> purpose of a classification."""
TAXA = {"subjects": "urn:hoclieu:subject", "grades": "urn:hoclieu:grade", "outcomes": "urn:hoclieu:outcome"}
"""Field of a record -> source of its taxa."""
ROLES = ("teacher", "learner", "manager")
"""Words of our audience that LOM has too; a parent has none."""
ISBN = "ISBN"
"""Catalog of the identifiers of a book."""
URI, SHA256, BYTES, MEDIA_TYPE, NAME = "URI", "sha-256", "bytes", "media-type", "name"
"""Catalogs of the identifiers of a file."""
