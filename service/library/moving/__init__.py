"""A whole library in a place: exported, imported, backed up, restored.

    catalogue, one view ──dump──> tables ─┐
    objects that its rows name ───copy────┤  place: any object store   ──load──> another library
    files under HOCLIEU_HOME/secrets ─age─┘

A place is an object store (a folder, S3), and export and backup write the same
format into it (`docs/export-format.md`): a backup is an export that may stand
beside others, with the secrets. What is there already is not written again, so
the second run costs what is new, and a killed one is simply run again.
"""
