"""Can somebody read a template and see what a change to it changes?"""

from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST_LINE = 120  # characters, as the formatter is told in pyproject.toml
# What people read as it stands, and the service workers, whose lines the formatter does not know.
LAID_OUT_BY_HAND = {".txt", ".js"}


def test_no_line_is_longer_than_a_screen_is_wide():
    files = [file for file in TEMPLATES.rglob("*") if file.is_file() and file.suffix not in LAID_OUT_BY_HAND]
    long = [
        f"{file.relative_to(TEMPLATES)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]

    assert len(files) > 150
    assert long == []
