"""The search index in an OpenSearch cluster: an index a generation, a document a resource, its passages nested in it.

address      which hosts and which name a URL means
client       the connections: other hosts in turn, time limits, nobody waits for what is away
meaning      its errors in the library's words
beginning    what must be true at the start
generations  an index a generation, the alias on the live one, what it holds
documents    a resource as the lines of a bulk request
writing      bulk requests, bounded, refused items told apart
questions    a query as the body of one `_search`
answering    its answer as a page, with the cursor behind it
places       exact places where several passages share one
index        the port

How documents and analysis are laid out stands in `search_mappings`.
"""

from service.adapters.index.opensearch.address import Address, parse
from service.adapters.index.opensearch.client import Cluster, Login
from service.adapters.index.opensearch.index import OpenSearchIndex

__all__ = ["Address", "Cluster", "Login", "OpenSearchIndex", "parse"]
