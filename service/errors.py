"""The error tree of the library: each class a stable code and a remedy.

    LibraryError
    ├── NotFound                  not-found              no such thing, or not for you
    │   ├── NoOldIndex            no-old-index           no generation of the index to go back to
    │   └── Withdrawn             withdrawn              it was here; the tombstone says why (410)
    ├── NotAllowed                not-allowed            the permission table says no
    ├── DocumentRefused           document-refused       the search engine will never take it {resource, cause}
    ├── Invalid                   invalid                a value that cannot be taken {field, value}
    │   ├── UnknownTerm           unknown-term           not in the vocabulary {field, value}
    │   ├── UnknownOrganisation   unknown-organisation   no organisation has this code or name {value, where}
    │   ├── PlacementKey          placement-key          a part of a placement that is none {value, where}
    │   ├── PlacementNumber       placement-number       a number out of its bounds {key, value, least, most, where}
    │   ├── SheetUnreadable       sheet-unreadable       neither a workbook nor CSV that can be read {sheet}
    │   ├── SheetBroken           sheet-broken           CSV that is none from a row on {sheet, row}
    │   ├── SheetEncoding         sheet-encoding         nobody can tell its letters {sheet}
    │   ├── SheetTooLarge         sheet-too-large        {sheet, rows, megabytes}
    │   ├── NoPathColumn          no-path-column         no row names a column of files {sheet}
    │   ├── ColumnTwice           column-twice           two columns are called alike {value, where}
    │   ├── MappingWrong          mapping-wrong          a line of a mapping file that is none {value, where}
    │   ├── RowWithoutFile        row-without-file       a row says nowhere where its resource is {where}
    │   ├── AddressWrong          address-wrong          no address of the web {value, where}
    │   ├── IsbnWrong             isbn-wrong             no ISBN, or a mistyped one {value, where}
    │   ├── AddressTwice          address-twice          an earlier row describes the same {value, where}
    │   ├── FileNotThere          file-not-there         no such file in what is taken in {value, where}
    │   ├── FileTwice             file-twice             an earlier row names the file {value, where}
    │   ├── ResourceTwice         resource-twice         an earlier row is about the resource {value, where}
    │   ├── MergedCells           merged-cells           cells that lie across rows or columns {where}
    │   ├── FormulaCell           formula-cell           a cell that is computed {where}
    │   ├── CellTooLong           cell-too-long          more characters than a cell may hold {value, where}
    │   ├── LettersLost           letters-lost           letters were lost when it was saved {value, where}
    │   ├── RowTooWide            row-too-wide           more cells than there are columns {value, where}
    │   ├── UnknownFilter         unknown-filter         a search filtered by what nothing is called {field, value}
    │   ├── VocabularyWrong       vocabulary-wrong       a file that cannot be this vocabulary {name, problems}
    │   ├── UnknownVocabulary     unknown-vocabulary     there is no vocabulary of this name {name, names}
    │   ├── NotARepository        not-a-repository       nothing there speaks OAI-PMH {url}
    │   ├── OwnRepository         own-repository         it is this library itself, or is called as it is {url, name}
    │   ├── UnknownSource         unknown-source         no repository of that name or address is followed {name}
    │   ├── SharedName            shared-name            several that are followed have that name {name, addresses}
    │   ├── SourceFormat          source-format          a format that the source does not offer {format, formats}
    │   ├── PrivateAddress        private-address        a source leads into a private network {host, address}
    │   ├── QueryTooLong          query-too-long         {length, limit}
    │   ├── NotALibrary           not-a-library          no export or backup stands there {place}
    │   ├── PlaceTaken            place-taken            something else stands where one is to be written {place}
    │   ├── PlaceForeign          place-foreign          another library's backups {place, owner, library}
    │   ├── BackupKey             backup-key             secrets, and no key to seal them to {count}
    │   └── BackupIdentity        backup-identity        sealed secrets, and not the key that opens them
    ├── Conflict                  conflict               somebody else changed it first
    │   ├── IndexDiffers          index-differs          a fresh index is not equal to the database {generation, …}
    │   ├── ReindexOvertaken      reindex-overtaken      another reindex began after this one {generation}
    │   ├── AlreadyMerged         already-merged         it was merged into another one {organisation, successor}
    │   ├── NotEmpty              not-empty              a library is to be moved to where one is already
    │   └── SharedBytes           shared-bytes           others hold what is to be purged {resources}
    ├── Damaged                   damaged                what was stored is not what was written {name}
    ├── PersonalData              personal-data          lists of pupils or staff stand in it {places}
    ├── Purged                    purged                 these bytes may not come back
    ├── QuotaExceeded             quota-exceeded         an organisation's room is used up {organisation, …}
    ├── SettingsError             settings               a setting cannot be used {name, value}
    │   ├── UnknownSetting        unknown-setting        no setting has this name {name, nearest}
    │   ├── SettingNeeded         setting-needed         what the library is called outside is not set {names, example}
    │   ├── SecretInUrl           secret-in-url          a password stands in a URL {name, secret}
    │   ├── DatabaseAway          database-away          no server answers there {name, place, reason}
    │   ├── DatabasePassword      database-password      the server does not take user and password {name, user, secret}
    │   ├── DatabaseUnknown       database-unknown       the server has no such database {name, database, place}
    │   ├── DatabaseForbidden     database-forbidden     the user may not do what the library needs {name, user, …}
    │   ├── DatabaseCrowded       database-crowded       the server takes no more connections {name, place}
    │   ├── DatabaseSlow          database-slow          a time limit ran out {name}
    │   ├── DatabaseFull          database-full          the server's disk is full {name, place}
    │   ├── DatabaseReadOnly      database-read-only     the server takes no writes {name, place}
    │   ├── BucketMissing         bucket-missing         the S3 store has no such bucket {bucket, host, url}
    │   ├── BucketForeign         bucket-foreign         another library's bucket {bucket, owner, library}
    │   ├── BucketOpen            bucket-open            anybody may read it {bucket, host, access_key}
    │   ├── KeysRefused           keys-refused           the S3 store does not take the keys {host, bucket, …}
    │   ├── ClockSkewed           clock-skewed           this clock and the store's differ {host, url}
    │   ├── StoreUnreachable      store-unreachable      nobody answers there {host, reason, url}
    │   ├── NoStoreThere          no-store-there         something answers that is no S3 store {host, url}
    │   ├── HoldsBackups          holds-backups          backups stand where a library is to keep its files {place}
    │   ├── IndexAway             index-away             no OpenSearch host answers {name, place, reason}
    │   ├── IndexPassword         index-password         OpenSearch does not take who asks {name, place, user, secret}
    │   ├── IndexForbidden        index-forbidden        … nor lets it do what the library needs {place, user, indices}
    │   ├── IndexCertificate      index-certificate      its certificate does not hold {name, place, reason, url}
    │   ├── NoIndexThere          no-index-there         something answers that is no OpenSearch {name, place}
    │   └── IndexTooOld           index-too-old          an OpenSearch before version 3 {name, place, found}
    │   └── HoldsBackups          holds-backups          backups stand where a library is to keep its files {place}
    ├── TooManyRequests           too-many-requests      one address asks for more than its share {seconds}
    ├── LibraryFromTheFuture      newer-schema           the database was written by a newer version
    │   └── FormatFromTheFuture   newer-format           an export or backup of a later format {found}
    └── Unavailable               unavailable            a part does not answer {part}
        ├── StorageFull           storage-full           no room left for files
        │   └── StorageLow        storage-low            what is free is kept free {free_megabytes, kept_megabytes}
        ├── ObjectMissing         object-missing         a stored file is not where its row says {key}
        ├── ObjectDamaged         object-damaged         its bytes are not those that were stored {key}
        ├── SourceAway            source-away            another repository does not answer {url, reason}
        ├── HarvestStopped        harvest-stopped        … or not to the end; the next harvest asks again {url, reason}
        ├── NotReady              not-ready              what was asked for is being made
        └── IndexUnavailable      index-unavailable      search cannot answer; browsing can
            ├── IndexOutdated     index-outdated         another version built it {generation}
            ├── IndexMissing      index-missing          an index was removed by hand {generation}
            ├── IndexChanged      index-changed          its mapping was changed by hand {generation}
            ├── IndexRefused      index-refused          user, password or rights do not do any more
            ├── IndexReadOnly     index-read-only        the cluster takes no writes: its disks are full
            ├── IndexOverloaded   index-overloaded       its memory or its queues are full
            └── IndexSlow         index-slow             a time limit ran out

The module is long because it is one list of small classes.
Sentences and remedies stand in `service/messages` under the code, in both
languages. HTTP statuses stand in one table, `service/http/problems.py`.
"""

from collections.abc import Mapping
from typing import ClassVar


class LibraryError(Exception):
    """Root. `parameters` fill the sentence that `service/messages` holds for `code`."""

    code: ClassVar[str] = "error"

    def __init__(self, **parameters: str | int) -> None:
        super().__init__(self.code, parameters)
        self.parameters: Mapping[str, str | int] = parameters


class NotFound(LibraryError):
    code = "not-found"


class NoOldIndex(NotFound):
    code = "no-old-index"


class Withdrawn(NotFound):
    code = "withdrawn"


class NotAllowed(LibraryError):
    code = "not-allowed"


class DocumentRefused(LibraryError):
    code = "document-refused"


class Invalid(LibraryError):
    code = "invalid"


class UnknownTerm(Invalid):
    code = "unknown-term"


class UnknownOrganisation(Invalid):
    code = "unknown-organisation"


class PlacementKey(Invalid):
    code = "placement-key"


class PlacementNumber(Invalid):
    code = "placement-number"


class SheetUnreadable(Invalid):
    code = "sheet-unreadable"


class SheetBroken(Invalid):
    code = "sheet-broken"


class SheetEncoding(Invalid):
    code = "sheet-encoding"


class SheetTooLarge(Invalid):
    code = "sheet-too-large"


class NoPathColumn(Invalid):
    code = "no-path-column"


class ColumnTwice(Invalid):
    code = "column-twice"


class MappingWrong(Invalid):
    code = "mapping-wrong"


class RowWithoutFile(Invalid):
    code = "row-without-file"


class FileNotThere(Invalid):
    code = "file-not-there"


class AddressWrong(Invalid):
    code = "address-wrong"


class IsbnWrong(Invalid):
    code = "isbn-wrong"


class AddressTwice(Invalid):
    code = "address-twice"


class FileTwice(Invalid):
    code = "file-twice"


class ResourceTwice(Invalid):
    code = "resource-twice"


class MergedCells(Invalid):
    code = "merged-cells"


class FormulaCell(Invalid):
    code = "formula-cell"


class CellTooLong(Invalid):
    code = "cell-too-long"


class LettersLost(Invalid):
    code = "letters-lost"


class RowTooWide(Invalid):
    code = "row-too-wide"


class UnknownFilter(Invalid):
    code = "unknown-filter"


class VocabularyWrong(Invalid):
    code = "vocabulary-wrong"


class UnknownVocabulary(Invalid):
    code = "unknown-vocabulary"


class NotARepository(Invalid):
    code = "not-a-repository"


class OwnRepository(Invalid):
    code = "own-repository"


class UnknownSource(Invalid):
    code = "unknown-source"


class SharedName(Invalid):
    code = "shared-name"


class SourceFormat(Invalid):
    code = "source-format"


class PrivateAddress(Invalid):
    code = "private-address"


class QueryTooLong(Invalid):
    code = "query-too-long"


class NotALibrary(Invalid):
    code = "not-a-library"


class PlaceTaken(Invalid):
    code = "place-taken"


class PlaceForeign(Invalid):
    code = "place-foreign"


class BackupKey(Invalid):
    code = "backup-key"


class BackupIdentity(Invalid):
    code = "backup-identity"


class Conflict(LibraryError):
    code = "conflict"


class IndexDiffers(Conflict):
    code = "index-differs"


class ReindexOvertaken(Conflict):
    code = "reindex-overtaken"


class AlreadyMerged(Conflict):
    code = "already-merged"


class NotEmpty(Conflict):
    code = "not-empty"


class SharedBytes(Conflict):
    code = "shared-bytes"


class TooManyRequests(LibraryError):
    code = "too-many-requests"


class Damaged(LibraryError):
    code = "damaged"


class PersonalData(LibraryError):
    code = "personal-data"


class Purged(LibraryError):
    code = "purged"


class QuotaExceeded(LibraryError):
    code = "quota-exceeded"


class SettingsError(LibraryError):
    code = "settings"


class UnknownSetting(SettingsError):
    code = "unknown-setting"


class SettingNeeded(SettingsError):
    code = "setting-needed"


class BucketMissing(SettingsError):
    code = "bucket-missing"


class BucketForeign(SettingsError):
    code = "bucket-foreign"


class BucketOpen(SettingsError):
    code = "bucket-open"


class KeysRefused(SettingsError):
    code = "keys-refused"


class ClockSkewed(SettingsError):
    code = "clock-skewed"


class StoreUnreachable(SettingsError):
    code = "store-unreachable"


class NoStoreThere(SettingsError):
    code = "no-store-there"


class HoldsBackups(SettingsError):
    code = "holds-backups"


class SecretInUrl(SettingsError):
    code = "secret-in-url"


class DatabaseAway(SettingsError):
    code = "database-away"


class DatabasePassword(SettingsError):
    code = "database-password"


class DatabaseUnknown(SettingsError):
    code = "database-unknown"


class DatabaseForbidden(SettingsError):
    code = "database-forbidden"


class DatabaseCrowded(SettingsError):
    code = "database-crowded"


class DatabaseSlow(SettingsError):
    code = "database-slow"


class DatabaseFull(SettingsError):
    code = "database-full"


class DatabaseReadOnly(SettingsError):
    code = "database-read-only"


class IndexAway(SettingsError):
    code = "index-away"


class IndexPassword(SettingsError):
    code = "index-password"


class IndexForbidden(SettingsError):
    code = "index-forbidden"


class IndexCertificate(SettingsError):
    code = "index-certificate"


class NoIndexThere(SettingsError):
    code = "no-index-there"


class IndexTooOld(SettingsError):
    code = "index-too-old"


class LibraryFromTheFuture(LibraryError):
    code = "newer-schema"


class FormatFromTheFuture(LibraryFromTheFuture):
    code = "newer-format"


class Unavailable(LibraryError):
    code = "unavailable"


class SourceAway(Unavailable):
    code = "source-away"


class HarvestStopped(Unavailable):
    code = "harvest-stopped"


class StorageFull(Unavailable):
    code = "storage-full"


class StorageLow(StorageFull):
    code = "storage-low"


class ObjectMissing(Unavailable):
    code = "object-missing"


class ObjectDamaged(Unavailable):
    code = "object-damaged"


class IndexUnavailable(Unavailable):
    code = "index-unavailable"


class IndexOutdated(IndexUnavailable):
    code = "index-outdated"


class IndexMissing(IndexUnavailable):
    code = "index-missing"


class IndexChanged(IndexUnavailable):
    code = "index-changed"


class IndexRefused(IndexUnavailable):
    code = "index-refused"


class IndexReadOnly(IndexUnavailable):
    code = "index-read-only"


class IndexOverloaded(IndexUnavailable):
    code = "index-overloaded"


class IndexSlow(IndexUnavailable):
    code = "index-slow"


class NotReady(Unavailable):
    code = "not-ready"
