import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sluice_trainer


def imports(folder: Path) -> dict[str, set[str]]:
    """Return, for each module of a package, the modules of the package that it imports, also inside functions."""
    found: dict[str, set[str]] = {}
    for path in folder.glob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom) and node.level == 1]
        found[path.stem] = {name for node in nodes for name in ([node.module] if node.module else [one.name for one in node.names])}
    return found


def test_no_module_imports_itself_through_others() -> None:
    found = imports(Path(sluice_trainer.__file__).parent)
    assert len(found) > 20
    assert "network" in found["estimators"]
    TopologicalSorter(found).prepare()


def test_an_import_circle_is_found_even_if_an_import_is_inside_a_function(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("from .two import a\n")
    (tmp_path / "two.py").write_text("def f():\n    from . import one\n")
    with pytest.raises(CycleError):
        TopologicalSorter(imports(tmp_path)).prepare()
