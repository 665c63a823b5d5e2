"""The catalogue's contracts on PostgreSQL."""

from collections.abc import Iterator

import pytest

from service.adapters.database.postgresql import PostgresCatalogue
from service.errors import Invalid
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
from tests.servers.postgresql import PostgresServer


class OnPostgresql:
    @pytest.fixture
    def url(self, postgresql_database: str) -> str:
        return postgresql_database

    @pytest.fixture
    def catalogue(self, url: str) -> Iterator[PostgresCatalogue]:
        catalogue = PostgresCatalogue(url)
        yield catalogue
        catalogue.close()


class TestResourcesOnPostgresql(OnPostgresql, catalogue_resources.ResourcesContract):
    pass


class TestRevisionsOnPostgresql(OnPostgresql, catalogue_resources.RevisionsContract):
    pass


class TestHarvestsOnPostgresql(OnPostgresql, catalogue_harvests.HarvestsContract):
    pass


class TestJobsOnPostgresql(OnPostgresql, catalogue_jobs.JobsContract):
    pass


class TestOwnVocabulariesOnPostgresql(OnPostgresql, catalogue_parts.OwnVocabulariesContract):
    pass


class TestFixityOnPostgresql(OnPostgresql, catalogue_parts.FixityContract):
    pass


class TestReadingsOnPostgresql(OnPostgresql, catalogue_parts.ReadingsContract):
    pass


class TestSketchesOnPostgresql(OnPostgresql, catalogue_sketches.SketchesContract):
    pass


class TestBlobsOnPostgresql(OnPostgresql, catalogue_parts.BlobsContract):
    pass


class TestOrganisationsOnPostgresql(OnPostgresql, catalogue_organisations.OrganisationsContract):
    pass


class TestEventsOnPostgresql(OnPostgresql, catalogue_parts.EventsContract):
    pass


class TestTermsOnPostgresql(OnPostgresql, catalogue_terms.TermsContract):
    pass


class TestChangesOnPostgresql(OnPostgresql, catalogue_changes.ChangesContract):
    pass


class TestGenerationsOnPostgresql(OnPostgresql, catalogue_parts.GenerationsContract):
    pass


class TestCountersOnPostgresql(OnPostgresql, catalogue_parts.CountersContract):
    pass


class TestOaiRecordsOnPostgresql(OnPostgresql, catalogue_oai.OaiRecordsContract):
    pass


class TestProposalsOnPostgresql(OnPostgresql, catalogue_proposals.ProposalsContract):
    pass


class TestHandoversOnPostgresql(OnPostgresql, catalogue_oai.HandoversContract):
    pass


class TestTablesOnPostgresql(OnPostgresql, catalogue_tables.TablesContract):
    @pytest.fixture
    def another(self, postgresql_server: PostgresServer, postgresql_template: str) -> Iterator[PostgresCatalogue]:
        """A second library, empty."""
        catalogue = PostgresCatalogue(postgresql_server.create("another", postgresql_template))
        yield catalogue
        catalogue.close()
        postgresql_server.drop("another")


class TestTransactionsOnPostgresql(OnPostgresql, catalogue_transactions.TransactionsContract):
    pass


class TestProcessesOnPostgresql(OnPostgresql, catalogue_transactions.ProcessesContract):
    pass


def test_a_text_with_a_nul_character_is_refused_in_words(postgresql_database: str) -> None:
    """The one difference that PostgreSQL leaves: it cannot hold the character, SQLite keeps it."""
    catalogue = PostgresCatalogue(postgresql_database)
    with pytest.raises(Invalid, match="NUL"):
        catalogue.write(lambda work: work.organisations.add("a", "Trường\0A"))
    assert catalogue.write(lambda work: work.organisations.add("a", "Trường A")).name == "Trường A"
    catalogue.close()
