import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sluice_trainer


def imports(folder: Path) -> dict[str, set[str]]:
    """Return, for each module of a package, the modules of the package that it imports, also inside functions."""
    return {
        path.stem: {
            node.module
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module is not None
        }
        for path in folder.glob("*.py")
    }


def test_no_module_imports_itself_through_others() -> None:
    found = imports(Path(sluice_trainer.__file__).parent)
    assert len(found) > 20
    assert "network" in found["estimators"]
    TopologicalSorter(found).prepare()


def test_an_import_circle_is_found_even_inside_a_function(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("from .two import a\n")
    (tmp_path / "two.py").write_text("def f():\n    from .one import b\n")
    with pytest.raises(CycleError):
        TopologicalSorter(imports(tmp_path)).prepare()
