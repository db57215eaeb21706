"""The short version of `make soak`: kills and fuzzed inputs. Time and memory are measured by `make soak` alone."""

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).parent / "bench" / "soak.py"


def test_a_short_soak_holds(tmp_path: Path) -> None:
    page = tmp_path / "BENCH.md"
    call = [sys.executable, str(SOAK), "--quick", "--parts", "kills", "fuzz", "--page", str(page)]
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# Soak\n")
    assert "- 2 kills, " in written
    assert ": 0 trials lost, 0 doubled\n" in written
    assert "\n- 0 faults: 0 raised, " in written
