"""Do the parts of the door page that need no browser keep their rules? Each .test.mjs says which."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.test.mjs"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_javascript_module(file):
    node = shutil.which("node")
    assert node, "node is needed to test the door page"

    result = subprocess.run(
        [node, "--test", "--test-reporter=tap", file], capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout
    assert "# pass 0" not in result.stdout
