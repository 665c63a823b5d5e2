"""What `ingest` knows about Vietnamese: its language, its letters."""
