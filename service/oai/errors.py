"""The protocol's own errors: they are answers, with HTTP 200."""

from typing import Literal

Code = Literal[
    "badVerb",
    "badArgument",
    "badResumptionToken",
    "cannotDisseminateFormat",
    "idDoesNotExist",
    "noRecordsMatch",
]
BARE: tuple[Code, ...] = ("badVerb", "badArgument")
"""After these the request is told without its arguments, which may be none that the schema knows."""


class Refused(Exception):
    """A request that the protocol has a word for. reason: the code of a sentence; parameters: what it names."""

    def __init__(self, code: Code, reason: str, **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.parameters = parameters
