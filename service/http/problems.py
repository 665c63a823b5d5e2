"""From an error to what a door answers: the one table of statuses, and the problem every door words.

Pages word a `Problem` as HTML, the API as `application/problem+json`
(RFC 9457). Sentences and remedies come from `service/messages`.
"""

from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import JSONResponse

from service import errors
from service.messages import catalogue, remedy, sentence

STATUSES: dict[type[errors.LibraryError], int] = {
    errors.NotFound: 404,
    errors.NoOldIndex: 404,
    errors.Withdrawn: 410,
    errors.NotAllowed: 403,
    errors.Invalid: 400,
    errors.UnknownTerm: 400,
    errors.UnknownFilter: 400,
    errors.UnknownOrganisation: 400,
    errors.SheetUnreadable: 400,
    errors.SheetBroken: 400,
    errors.SheetEncoding: 400,
    errors.SheetTooLarge: 400,
    errors.NoPathColumn: 400,
    errors.AddressWrong: 400,
    errors.IsbnWrong: 400,
    errors.AddressTwice: 400,
    errors.ColumnTwice: 400,
    errors.MappingWrong: 400,
    errors.RowWithoutFile: 400,
    errors.FileNotThere: 400,
    errors.FileTwice: 400,
    errors.ResourceTwice: 400,
    errors.MergedCells: 400,
    errors.FormulaCell: 400,
    errors.CellTooLong: 400,
    errors.LettersLost: 400,
    errors.RowTooWide: 400,
    errors.PlacementKey: 400,
    errors.PlacementNumber: 400,
    errors.VocabularyWrong: 400,
    errors.UnknownVocabulary: 400,
    errors.NotARepository: 400,
    errors.OwnRepository: 400,
    errors.UnknownSource: 400,
    errors.SharedName: 400,
    errors.SourceFormat: 400,
    errors.PrivateAddress: 400,
    errors.QueryTooLong: 400,
    errors.NotALibrary: 400,
    errors.PlaceTaken: 400,
    errors.PlaceForeign: 400,
    errors.BackupKey: 400,
    errors.BackupIdentity: 400,
    errors.Conflict: 409,
    errors.IndexDiffers: 409,
    errors.ReindexOvertaken: 409,
    errors.AlreadyMerged: 409,
    errors.NotEmpty: 409,
    errors.SharedBytes: 409,
    errors.TooManyRequests: 429,
    errors.Damaged: 500,
    errors.PersonalData: 409,
    errors.DocumentRefused: 500,
    errors.Purged: 409,
    # RFC 4331: what would pass a quota is answered so.
    errors.QuotaExceeded: 507,
    errors.SettingsError: 500,
    errors.UnknownSetting: 500,
    errors.SettingNeeded: 500,
    errors.SecretInUrl: 500,
    errors.DatabaseAway: 500,
    errors.DatabasePassword: 500,
    errors.DatabaseUnknown: 500,
    errors.DatabaseForbidden: 500,
    errors.DatabaseCrowded: 500,
    errors.DatabaseSlow: 500,
    errors.DatabaseFull: 500,
    errors.DatabaseReadOnly: 500,
    errors.BucketMissing: 500,
    errors.BucketForeign: 500,
    errors.BucketOpen: 500,
    errors.KeysRefused: 500,
    errors.ClockSkewed: 500,
    errors.StoreUnreachable: 500,
    errors.NoStoreThere: 500,
    errors.HoldsBackups: 500,
    errors.IndexAway: 500,
    errors.IndexPassword: 500,
    errors.IndexForbidden: 500,
    errors.IndexCertificate: 500,
    errors.NoIndexThere: 500,
    errors.IndexTooOld: 500,
    errors.LibraryFromTheFuture: 503,
    errors.FormatFromTheFuture: 503,
    errors.Unavailable: 503,
    errors.StorageFull: 507,
    errors.StorageLow: 507,
    errors.ObjectMissing: 503,
    errors.ObjectDamaged: 503,
    errors.SourceAway: 503,
    errors.HarvestStopped: 503,
    errors.NotReady: 503,
    errors.IndexUnavailable: 503,
    errors.IndexOutdated: 503,
    errors.IndexMissing: 503,
    errors.IndexChanged: 503,
    errors.IndexRefused: 503,
    errors.IndexReadOnly: 503,
    errors.IndexOverloaded: 503,
    errors.IndexSlow: 503,
    errors.LibraryError: 500,
}
"""Every class of `service/errors.py` by itself: a new one without a row fails a test."""

WORDED = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-much",
    416: "unsatisfiable",
    501: "not-offered",
}
"""Statuses that the framework finds out by itself (no such route, no such method) -> message code."""

JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """What happened and what to do. title: of the kind of problem; detail: of this one; request: id in the log;
    retry_seconds: when to come back, 0 where that is unknown."""

    status: int
    code: str
    title: str
    detail: str
    remedy: str
    request: str = ""
    retry_seconds: int = 0

    def body(self) -> dict[str, Any]:
        """RFC 9457 members; `type` is a name, not an address, so that it stays true wherever the library lives."""
        return {
            "type": f"urn:hoclieu:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "remedy": self.remedy,
            **({"request": self.request} if self.request else {}),
        }


def problem_of(error: errors.LibraryError, language: str, *, reader: bool = True) -> Problem:
    """The problem of an error of the library. reader: not whoever runs it, who is told which part is away."""
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    code, parameters = error.code, error.parameters
    if isinstance(error, errors.ObjectMissing | errors.ObjectDamaged):
        # Which object is for the log; a reader learns that the file is gone.
        code, parameters = "file-missing", {}
    elif code not in catalogue(language) or code == errors.LibraryError.code:
        code, parameters = "internal", {}
    words = "part-away" if reader and code == errors.Unavailable.code else code
    problem = replace(_problem(status, words, language, parameters), code=code)
    return replace(problem, retry_seconds=int(parameters["seconds"])) if status == 429 and parameters else problem


def problem_of_status(status: int, language: str) -> Problem:
    """The problem of a bare HTTP status; 500 for one that nobody foresaw."""
    return _problem(status, WORDED.get(status, "internal" if status >= 500 else "bad-request"), language, {})


def _problem(status: int, code: str, language: str, parameters: Any) -> Problem:
    parameters = _Forgiving(parameters)
    return Problem(
        status=status,
        code=code,
        title=sentence(f"problem-{status}", language),
        detail=sentence(code, language, parameters),
        remedy=remedy(code, language, parameters),
    )


class _Forgiving(dict[str, Any]):
    """A sentence with a gap is better than a second error while the first is being told."""

    def __missing__(self, _key: str) -> str:
        return "…"

    def __bool__(self) -> bool:
        # Without any parameter it is asked for them all the same.
        return True


def json_response(problem: Problem) -> JSONResponse:
    return JSONResponse(problem.body(), problem.status, media_type=JSON, headers=retry(problem))


def retry(problem: Problem) -> dict[str, str]:
    """Errors are never kept by caches; what is away may be back soon."""
    headers = {"Cache-Control": "no-store"}
    if problem.status == 503:
        headers["Retry-After"] = "10"
    elif problem.retry_seconds:
        headers["Retry-After"] = str(problem.retry_seconds)
    return headers
