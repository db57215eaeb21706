"""The short version of `make soak`: kills, fuzzed inputs, a long criterion and the memory of a run."""

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).parent / "bench" / "soak.py"


def test_a_short_soak_holds(tmp_path: Path) -> None:
    page = tmp_path / "BENCH.md"
    done = subprocess.run([sys.executable, str(SOAK), "--quick", "--page", str(page)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# Soak\n")
    assert "- 2 kills, " in written
    assert ": 0 trials lost, 0 doubled\n" in written
    assert "\n- 0 faults: 0 raised, " in written
    assert "MB, last tenth" in written
