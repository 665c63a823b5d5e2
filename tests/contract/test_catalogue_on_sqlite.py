"""The catalogue's contracts on SQLite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.adapters.database.sqlite import SqliteCatalogue
from tests.contract import (
    catalogue_changes,
    catalogue_harvests,
    catalogue_jobs,
    catalogue_oai,
    catalogue_organisations,
    catalogue_parts,
    catalogue_proposals,
    catalogue_resources,
    catalogue_sketches,
    catalogue_tables,
    catalogue_terms,
    catalogue_transactions,
)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, copied for each test: migrating takes longer than most of them."""
    path = tmp_path_factory.mktemp("fresh") / "library.sqlite"
    catalogue = SqliteCatalogue(f"sqlite:///{path}")
    catalogue.migrate()
    catalogue.close()
    return path


class OnSqlite:
    @pytest.fixture
    def url(self, fresh: Path, tmp_path: Path) -> str:
        shutil.copy(fresh, tmp_path / "library.sqlite")
        return f"sqlite:///{tmp_path / 'library.sqlite'}"

    @pytest.fixture
    def catalogue(self, url: str) -> Iterator[SqliteCatalogue]:
        catalogue = SqliteCatalogue(url)
        yield catalogue
        catalogue.close()


class TestResourcesOnSqlite(OnSqlite, catalogue_resources.ResourcesContract):
    pass


class TestRevisionsOnSqlite(OnSqlite, catalogue_resources.RevisionsContract):
    pass


class TestHarvestsOnSqlite(OnSqlite, catalogue_harvests.HarvestsContract):
    pass


class TestJobsOnSqlite(OnSqlite, catalogue_jobs.JobsContract):
    pass


class TestOwnVocabulariesOnSqlite(OnSqlite, catalogue_parts.OwnVocabulariesContract):
    pass


class TestFixityOnSqlite(OnSqlite, catalogue_parts.FixityContract):
    pass


class TestReadingsOnSqlite(OnSqlite, catalogue_parts.ReadingsContract):
    pass


class TestSketchesOnSqlite(OnSqlite, catalogue_sketches.SketchesContract):
    pass


class TestBlobsOnSqlite(OnSqlite, catalogue_parts.BlobsContract):
    pass


class TestOrganisationsOnSqlite(OnSqlite, catalogue_organisations.OrganisationsContract):
    pass


class TestEventsOnSqlite(OnSqlite, catalogue_parts.EventsContract):
    pass


class TestTermsOnSqlite(OnSqlite, catalogue_terms.TermsContract):
    pass


class TestChangesOnSqlite(OnSqlite, catalogue_changes.ChangesContract):
    pass


class TestGenerationsOnSqlite(OnSqlite, catalogue_parts.GenerationsContract):
    pass


class TestCountersOnSqlite(OnSqlite, catalogue_parts.CountersContract):
    pass


class TestOaiRecordsOnSqlite(OnSqlite, catalogue_oai.OaiRecordsContract):
    pass


class TestProposalsOnSqlite(OnSqlite, catalogue_proposals.ProposalsContract):
    pass


class TestHandoversOnSqlite(OnSqlite, catalogue_oai.HandoversContract):
    pass


class TestTablesOnSqlite(OnSqlite, catalogue_tables.TablesContract):
    @pytest.fixture
    def another(self, fresh: Path, tmp_path: Path) -> Iterator[SqliteCatalogue]:
        """A second library, empty."""
        shutil.copy(fresh, tmp_path / "another.sqlite")
        catalogue = SqliteCatalogue(f"sqlite:///{tmp_path / 'another.sqlite'}")
        yield catalogue
        catalogue.close()


class TestTransactionsOnSqlite(OnSqlite, catalogue_transactions.TransactionsContract):
    pass


class TestProcessesOnSqlite(OnSqlite, catalogue_transactions.ProcessesContract):
    pass
