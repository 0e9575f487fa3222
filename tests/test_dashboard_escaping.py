"""Text that tries to be more than text: Markdown, icons, arrows, images."""

from __future__ import annotations

import pytest

from timeline.dashboard.state import escape_cells, escape_markdown


@pytest.mark.parametrize(
    "text", ["$x^2$ **b** :red[r] `c` [l](javascript:x) <b> :smile:", "a\\b_c_d~e~", "1. item # head"]
)
def test_labels_show_text_as_it_is(text):
    escaped = escape_markdown(text)

    assert escaped.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text
    assert not any(escaped[i] in "*_`$[<:" and escaped[i - 1] != "\\" for i in range(1, len(escaped)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":material/delete:", "\\:\u2060material/delete\\:"),
        (":material_delete:", "\\:\u2060material\\_delete\\:"),
        (":streamlit:", "\\:\u2060streamlit\\:"),
        ("a -> b", "a \\-\u2060\\> b"),
        ("<->", "\\<\u2060\\-\\>"),
        ("a->b -- c--", "a\\-\\>b \\-\u2060\\- c\\-\\-"),
        ("a\n\n    b\n\tc", "a\n\nb\nc"),
    ],
)
def test_what_is_put_in_after_the_markdown_is_parted(text, expected):
    """Icons and arrows by a character that is not seen; code blocks by taking the spaces before a line."""
    assert escape_markdown(text) == expected


def test_cells_of_tables_are_escaped():
    """`st.table` reads its cells as Markdown, and would load an image."""
    assert escape_cells([{"who": "![x](https://evil.example/p)", "when": "5 Mar"}]) == [
        {"who": "\\!\\[x\\]\\(https\\://evil\\.example/p\\)", "when": "5 Mar"}
    ]
