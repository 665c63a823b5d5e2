"""Bytes by key: one file an engine."""
