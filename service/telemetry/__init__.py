"""What every room may say of itself and none depends on: the log, the id of a request, measures."""
