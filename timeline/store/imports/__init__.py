"""Event tables of others (GDELT, ICEWS, ACLED, UCDP, POLECAT, Phoenix, TERRIER) and our own, into a project."""

from timeline.store.imports.formats import NAMES
from timeline.store.imports.run import (
    Imported,
    ImportProgress,
    KeptImport,
    finish_import,
    import_file,
    import_files,
    list_imports,
)
from timeline.store.originals import Original, read_original

__all__ = [
    "NAMES",
    "ImportProgress",
    "Imported",
    "KeptImport",
    "Original",
    "finish_import",
    "import_file",
    "import_files",
    "list_imports",
    "read_original",
]
