"""PDF files: their text layer, with lines joined, hyphens undone and running heads removed."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence

from timeline.errors import UnreadableInputError
from timeline.reading.drafts import Draft

MAX_PDF_BYTES = 100 << 20
MAX_PDF_PAGES = 1_000
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\n[ \t]*(?=[a-zß-öø-ÿ])")
_PAGE_NUMBER = re.compile(r"(?:page\s)?[-–—\s]{0,3}\d{1,4}(?:\s?(?:/|of)\s?\d{1,4})?[-–—\s]{0,3}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")
_BAD_TITLE = re.compile(
    r"^(?:untitled|microsoft \w+|slide \d+|document\d*|print|layout \d*)|\.(?:docx?|indd|pdf|qxd|tex|html?)$", re.I
)


def read_pdf(data: bytes, origin: str = "") -> Draft:
    """One article from a PDF. Its creation date is not taken: it says when the file was made.

    Raises:
        UnreadableInputError: Not a PDF, locked with a password, or without a text layer (a scan).
    """
    pages, title = _read_pages(data)
    text = join_lines(drop_running_lines(pages))
    if not text.strip():
        raise UnreadableInputError("the PDF holds no text: it is probably a scan and needs character recognition first")
    return Draft(text=text, origin=origin, title=title, titled=bool(title))


def drop_running_lines(pages: Sequence[str]) -> str:
    """Pages as one text, without page numbers and lines that stand first or last on most of at least three pages."""
    split = [[line.strip() for line in page.split("\n") if line.strip()] for page in pages]
    edges = Counter(_no_digits(line) for lines in split for line in {*lines[:2], *lines[-2:]})
    often = max(3, 0.6 * len(split))
    kept = []
    for lines in split:
        inner = range(2, len(lines) - 2)
        kept += [
            line
            for place, line in enumerate(lines)
            if place in inner or not (edges[_no_digits(line)] >= often or _PAGE_NUMBER.fullmatch(line))
        ]
    return "\n".join(kept)


def join_lines(text: str) -> str:
    """Paragraphs from lines: hyphens at line ends undone; a short line that ends a sentence ends a paragraph."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    lines = _HYPHEN.sub("", text).split("\n")
    full = lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        stripped = line.strip()
        if not stripped:
            paragraphs.append([])
            continue
        paragraphs[-1].append(stripped)
        if len(stripped) < 0.8 * full and (_SENTENCE_END.search(stripped) or len(paragraphs[-1]) == 1):
            paragraphs.append([])
    return "\n\n".join(" ".join(part) for part in paragraphs if part)


def _no_digits(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _read_pages(data: bytes) -> tuple[list[str], str]:
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every small fault of a file
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableInputError("the PDF is locked with a password")
        if len(reader.pages) > MAX_PDF_PAGES:
            raise UnreadableInputError(f"the PDF has more than {MAX_PDF_PAGES} pages")
        pages = [page.extract_text() or "" for page in reader.pages]
        title = str((reader.metadata and reader.metadata.title) or "").strip()
    except UnreadableInputError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError) as error:
        raise UnreadableInputError(f"not a readable PDF: {error}") from error
    except Exception as error:  # pypdf meets broken files with errors of any kind, ZeroDivisionError among them
        raise UnreadableInputError(f"not a readable PDF: {type(error).__name__}: {error}") from error
    return pages, "" if _BAD_TITLE.search(title) or len(title.split()) < 3 else title
