"""Programs outside Python that readers call: one module a program, with its version, time limit and errors."""
