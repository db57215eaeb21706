"""Imports point down only: a module knows what comes before it, never what comes after."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline" / "trialcriteria"

LAYERS = (
    ("records",),
    ("contradictions",),
    ("lexicon",),
    ("ucum",),
    ("units",),
    ("headings",),
    ("passages",),
    ("languages", "runons"),
    ("unnamed", "midlines"),
    ("margins",),
    ("layouts",),
    ("registries", "criteria"),
    ("components",),
    ("groups", "premises"),
    (
        "alternatives",
        "parted",
        "conjunctions",
        "logic",
        "canonical",
        "leftovers",
        "requirements",
        "narrowing",
        "datings",
        "certainty",
    ),
    ("inheritance", "decisions", "contract", "announced"),
    ("nlp",),
    ("rows",),
    ("tables",),
    ("confidence",),
    ("manifest", "workers", "changes"),
    ("shards", "earlier", "pace"),
    ("batch",),
    ("frames", "spark"),
    ("annotations",),
    ("scoring",),
    ("evaluation",),
    ("query",),
    ("doctor",),
    ("screen",),
    ("explain",),
    ("review",),
    ("cli",),
    ("__main__",),
)
LAYER = {name: height for height, names in enumerate(LAYERS) for name in names}
TOP = len(LAYERS)


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The module or folder right below the package that `path` belongs to; empty for the package itself."""
    part = path.relative_to(PACKAGE).parts[0]
    return "" if part == "__init__.py" else part.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules and folders right below the package that `path` imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("trialcriteria.")}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively, which hides what it knows"
            parts = (node.module or "").split(".")
            if parts[0] == "trialcriteria":
                found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_comes_before_it(path: Path) -> None:
    name = name_of(path)
    height = LAYER[name] if name else TOP
    above = {other for other in imported(path) if other != name and LAYER.get(other, TOP) >= height}
    assert above == set()


def test_only_the_command_prints() -> None:
    printing = {
        path.relative_to(PACKAGE).parts[0]
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "typer.echo", "sys.stdout.write")
    }
    assert printing == {"cli"}


@pytest.mark.parametrize("arguments", [["--help"], ["extract", "--help"], ["--version"], ["schema"]])
def test_help_imports_nothing_slow(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from trialcriteria.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "slow = {'spacy', 'medspacy', 'scispacy', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules)\n"
        "assert not slow, slow\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_reading_imports_nothing_that_it_does_not_use() -> None:
    """NLTK, which medspaCy brings along, is there for whoever asks something of it."""
    code = (
        "import sys\n"
        "from trialcriteria import nlp, rows\n"
        "from trialcriteria.records import Trial\n"
        "text = 'Age >= 18 years, history of malign zorblatt disease'\n"
        "assert rows.read_trial(nlp.load(), Trial('a', 'text', 'b', text)).constraints\n"
        "brought = {'nltk', 'scipy', 'sklearn', 'pandas'} & set(sys.modules)\n"
        "assert not brought, brought\n"
        "import quickumls.core\n"
        "assert quickumls.core.nltk.word_tokenize is __import__('nltk').word_tokenize\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_run_of_workers_brings_spacy_into_them_alone(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from trialcriteria.cli import main\n"
        "if __name__ == '__main__':\n"
        "    try:\n        main(sys.argv[1:])\n"
        "    except SystemExit as end:\n        assert not end.code, end.code\n"
        "    assert 'spacy' not in sys.modules\n"
    )
    sample = PACKAGE.parents[1] / "samples" / "registry.json"
    call = ["extract", str(sample), "-o", str(tmp_path / "out"), "--workers", "2", "--quiet"]
    done = subprocess.run([sys.executable, "-c", code, *call], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_binds_each_name_once(module: Path) -> None:
    """A constant bound again further down changes what stands above it, and no checker says so."""
    names = [
        target.id
        for node in ast.parse(module.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert [name for name, times in Counter(names).items() if times > 1] == []
