"""Pictures: what pixels and drawings say, and how they are opened safely."""
