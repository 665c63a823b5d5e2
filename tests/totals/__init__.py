"""What became of a folder of many kinds: totals of an ingest, and the share of what could be read that was."""
