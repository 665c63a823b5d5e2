"""IEEE LOM in XML: what repositories of learning resources exchange; written and read.

`oai_lom` and `lom` are two names of the same bytes.
Source: IEEE 1484.12.3-2020, https://ieeexplore.ieee.org/document/9262118
"""

from service.crosswalks import Format
from service.crosswalks.lom.names import NAMESPACE, SCHEMA
from service.crosswalks.lom.reading import read
from service.crosswalks.lom.writing import write

__all__ = ["FIELDS", "FORMAT", "read", "write"]

FORMAT = Format(
    name="lom",
    label="IEEE LOM",
    accepts=("application/lom+xml",),
    extension=".lom.xml",
    source="https://ieeexplore.ieee.org/document/9262118",
    namespace=NAMESPACE,
    schema=SCHEMA,
)
FIELDS = {
    "identifier": "general/identifier[oai], metaMetadata/identifier[oai]",
    "url": "technical/location, the first; its format text/html",
    "titles": "general/title",
    "descriptions": "general/description",
    "languages": "general/language",
    "keywords": "general/keyword",
    "type": "educational/learningResourceType: the word of LOMv1.0, and its code",
    "subjects": "classification[discipline]/taxonPath",
    "grades": "classification[educational level]/taxonPath; educational/context",
    "outcomes": "classification[educational objective]/taxonPath",
    "audience": "educational/intendedEndUserRole",
    "creators": "lifeCycle/contribute[author], vCard",
    "publishers": "lifeCycle/contribute[publisher], vCard",
    "reviewers": "metaMetadata/contribute[validator], vCard",
    "organisation": "lifeCycle/contribute[content provider], vCard",
    "created": "lifeCycle/contribute[author]/date",
    "published": "lifeCycle/contribute[publisher]/date",
    "modified": "metaMetadata/contribute[creator]/date",
    "version": "lifeCycle/version",
    "licence": "rights/description, copyrightAndOtherRestrictions",
    "free_of_charge": "rights/cost",
    "part_of": "relation[ispartof]",
    "based_on": "relation[isbasedon]",
    "isbns": "general/identifier[ISBN]",
    "files": "technical/location, format, size; relation[hasformat]: each with size and checksum",
    "thumbnail": "relation[hasthumbnail]",
    "duration_seconds": "technical/duration",
}
