"""The notebooks run, show pictures, define nothing, and are kept without their output."""

import ast
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = ("1_one_trial", "2_a_registry", "3_reading_the_scores")
PICTURES = {"1_one_trial": 0, "2_a_registry": 6, "3_reading_the_scores": 6}
TABLES = {"1_one_trial": 5, "2_a_registry": 2, "3_reading_the_scores": 2}
each = pytest.mark.parametrize("name", NAMES)
needs_jupyter = pytest.mark.needs("notebooks")


def notebook(name: str) -> Any:
    import nbformat

    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code(name: str) -> list[Any]:
    return [cell for cell in notebook(name).cells if cell.cell_type == "code"]


def test_every_notebook_is_tested() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)


@needs_jupyter
@each
def test_a_notebook_is_kept_without_its_output(name: str) -> None:
    assert [cell.outputs for cell in code(name) if cell.outputs] == []
    assert {cell.execution_count for cell in code(name)} == {None}


@needs_jupyter
@each
def test_a_notebook_defines_nothing(name: str) -> None:
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    nodes = [node for cell in code(name) for node in ast.walk(ast.parse(cell.source))]
    assert [ast.unparse(node) for node in nodes if isinstance(node, defining)] == []


@needs_jupyter
@each
def test_a_notebook_runs_and_shows_its_pictures_and_tables(name: str) -> None:
    from nbclient import NotebookClient

    ran = NotebookClient(notebook(name), timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    outputs = [output for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []
    shown = [output.get("data", {}) for output in outputs]
    assert sum("image/svg+xml" in data for data in shown) == PICTURES[name]
    assert sum("gt_table" in data.get("text/html", "") for data in shown) == TABLES[name]


@needs_jupyter
@pytest.mark.parametrize("name", ["2_a_registry"])
def test_the_registry_notebook_runs_on_the_samples_alone(name: str, tmp_path: Path) -> None:
    """As in a fresh clone, where no real trials lie beside it."""
    from nbclient import NotebookClient

    (tmp_path / "samples").symlink_to(FOLDER.parent / "samples")
    (tmp_path / "notebooks").mkdir()
    place = {"metadata": {"path": str(tmp_path / "notebooks")}}
    ran = NotebookClient(notebook(name), timeout=300, resources=place).execute()
    first = next(cell for cell in ran.cells if cell.cell_type == "code")
    assert "registry.json" in str(first.outputs)
