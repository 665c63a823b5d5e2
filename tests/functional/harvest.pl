# Harvest a repository with HTTP::OAI: a JSON line a record. Arguments: its base URL, metadata prefixes.
use strict;
use warnings;
use HTTP::OAI;
use JSON::PP;

my ($base_url, @prefixes) = @ARGV;
my $json = JSON::PP->new->utf8;
my $harvester = HTTP::OAI::Harvester->new(baseURL => $base_url);

for my $prefix (@prefixes) {
    my $tell = sub {
        my $record = shift;
        my $metadata = $record->metadata;
        print $json->encode({
            prefix => $prefix,
            identifier => $record->identifier,
            datestamp => $record->datestamp,
            deleted => $record->is_deleted ? JSON::PP::true : JSON::PP::false,
            sets => [$record->header->setSpec],
            metadata => defined $metadata ? $metadata->dom->toString : "",
        }), "\n";
    };
    my $answer = $harvester->ListRecords(metadataPrefix => $prefix, onRecord => $tell);
    die $answer->code . " " . $answer->message . "\n" if $answer->is_error;
}
