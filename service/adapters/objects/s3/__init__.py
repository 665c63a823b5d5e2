"""Objects in a bucket of any S3 store.

address     which store and bucket a URL means
client      the client library, with bounds on time and attempts
meaning     its errors in the library's words
beginning   what must be true at the start
digests     hashes and tags of bytes, beside reading them
writing     bytes up, compared with what the store says
reading     bytes down, checked on their way
staging     uploads that arrive in pieces
store       the port
"""

from service.adapters.objects.s3.address import Address, Named, parse
from service.adapters.objects.s3.store import S3Store

__all__ = ["Address", "Named", "S3Store", "parse"]
