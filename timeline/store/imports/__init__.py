"""Event tables of others (GDELT, ICEWS, ACLED, UCDP, POLECAT, Phoenix, TERRIER) and our own, into a project."""

from timeline.store.imports.formats import NAMES
from timeline.store.imports.run import Imported, ImportProgress, finish_import, import_file
from timeline.store.originals import Original, read_original

__all__ = ["NAMES", "ImportProgress", "Imported", "Original", "finish_import", "import_file", "read_original"]
