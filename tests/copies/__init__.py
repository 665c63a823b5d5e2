"""How well near copies are told from what only looks alike: `python -m tests.copies FOLDER…`."""
