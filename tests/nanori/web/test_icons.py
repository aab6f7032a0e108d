import json
from pathlib import Path

import pytest

from nanori.web.icons import Icons


@pytest.fixture
def icons(tmp_path: Path) -> Icons:
    file = tmp_path / "icons.json"
    file.write_text(json.dumps({"bell": [["path", {"d": 'M1 1"><script>'}]]}))
    return Icons(file)


def test_an_icon_is_decoration_unless_it_has_a_label(icons: Icons) -> None:
    assert 'aria-hidden="true"' in icons("bell")
    assert 'aria-label="&lt;b&gt;"' in icons("bell", "<b>")


def test_a_drawing_cannot_break_out_of_its_attribute(icons: Icons) -> None:
    assert "<script>" not in icons("bell")


def test_an_unknown_icon_and_a_missing_file_are_told_by_name(icons: Icons, tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no icon is named 'bel'"):
        icons("bel")
    with pytest.raises(LookupError, match="browser_files"):
        Icons(tmp_path / "none.json")("bell")
