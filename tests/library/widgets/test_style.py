"""The scripts and styles of pages: short files, one format, nothing from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from convae_lib.widgets.elements import STATIC
from tools.notebooks import ROOT

FOLDERS = [STATIC, ROOT / "_static", ROOT / "tools" / "site" / "static"]
ALL = [path for folder in FOLDERS for path in sorted(folder.glob("*.*s"))]
FILES = [path for path in ALL if path.parent == STATIC]
LONGEST = 290  # lines


def test_a_formatter_finds_nothing_to_change():
    formatter = Path(sys.executable).with_name("oxfmt")
    run = [formatter, "-c", ROOT / ".oxfmtrc.json", "--check", *ALL]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_read_in_one_sitting_and_loads_nothing(file):
    text = file.read_text()
    assert len(text.splitlines()) < LONGEST
    assert not re.search(r"(?m)^import |import\(|fetch\(|XMLHttp|@import|url\(", text)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    if file.suffix == ".js":
        assert text.startswith(("// ", "/**")) and '"use strict";' in text
