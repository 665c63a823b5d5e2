"""`python -m ingest FILE [--with FILE]…`: one `Document` as JSON, no service needed.

Prints {media_type, metadata, language, passages, contents, pictures, warnings,
extent, findings, error}. Exit status: 0; 1 with an error {code, parameters}; 2 wrong use.
"""

import argparse
import json
import sys
from pathlib import Path

from ingest.document import Bundle, Document, to_json
from ingest.errors import BrokenFile, IngestError
from ingest.sandbox import Sandbox
from ingest.sniff import sniff


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Read one file and print its document as JSON."
    )
    parser.add_argument("file", type=Path, help="the file to read")
    parser.add_argument(
        "--with", dest="companions", type=Path, action="append", default=[], help="a file read together with it"
    )
    given = parser.parse_args()
    error: IngestError | None = None
    document = Document(media_type="")
    for path in (given.file, *given.companions):
        if not path.is_file():
            parser.error(f"no such file: {path}")
    try:
        document = Document(media_type=sniff(given.file, given.file.name).media_type)
        with Sandbox() as sandbox:
            document = sandbox.read(Bundle(given.file, given.file.name, tuple(given.companions)))
    except OSError:
        error = BrokenFile()
    except IngestError as raised:
        error = raised
    failure = None if error is None else {"code": error.code, "parameters": dict(error.parameters)}
    json.dump({**to_json(document), "error": failure}, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0 if error is None else 1


if __name__ == "__main__":
    sys.exit(main())
