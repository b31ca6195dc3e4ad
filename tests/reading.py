"""The product's source, parsed once, for the tests that hold the house to its own rules."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("data", "gate", "pages")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the product: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    def find_functions(self) -> list[Function]:
        """Every function in the file, methods and nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def find_imports(self) -> set[str]:
        """The full name of every module that the file imports."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
        return names

    def find_attributes(self) -> list[str]:
        """Every `owner.name` in the file whose owner is a plain name."""
        return [
            f"{node.value.id}.{node.attr}"
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        ]


@cache
def read_product() -> tuple[Source, ...]:
    """Every Python file of the product, in the order of their paths; no tests, no benchmarks."""
    paths = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return tuple(_read_source(path) for path in [*paths, ROOT / "app.py"] if path.exists())


def read_text(path: str) -> str:
    """The text of a file, named from the root."""
    return (ROOT / path).read_text("utf-8")


def _read_source(path: Path) -> Source:
    text = path.read_text("utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))
