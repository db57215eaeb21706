"""What several test files share: parts of the machine that a test may need, and the optional material beside us."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile(  # a slow machine is no fault of the code
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

PARTS = {
    "java": (lambda: shutil.which("java") is not None, "Java is not installed"),
    "chromium": (lambda: shutil.which("chromium") is not None, "Chromium is not installed"),
    "notebooks": (
        lambda: all(map(find_spec, ("altair", "great_tables", "ipykernel", "nbclient", "vl_convert"))),
        "the notebooks' parts are not installed: pip install 'trialcriteria[notebooks]'",
    ),
    "playwright": (lambda: find_spec("playwright") is not None, "playwright is not installed: it is in the extra dev"),
    "spark": (lambda: find_spec("pyspark") is not None, "pyspark is not installed: pip install 'trialcriteria[spark]'"),
    "duckdb": (lambda: find_spec("duckdb") is not None, "duckdb is not installed: pip install 'trialcriteria[query]'"),
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "needs(*parts): optional parts of the machine; the test skips where one is absent"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose parts are absent; with TRIALCRITERIA_REQUIRE_ALL, as on CI, fail it."""
    for mark in item.iter_markers("needs"):
        for part in mark.args:
            is_there, reason = PARTS[part]
            if not is_there():
                if os.environ.get("TRIALCRITERIA_REQUIRE_ALL"):
                    pytest.fail(f"{reason}, and TRIALCRITERIA_REQUIRE_ALL is set")
                pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real trials beside the checkout; its tests skip where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the real trials are not beside this checkout")
    return SHARED
