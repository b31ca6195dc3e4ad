"""The house keeps its own rules: borders, names, sizes, and papers that tell the truth."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain

import pytest
from streamlit import config

from gate.settings import PREFIX, Settings
from tests.reading import ROOMS, ROOT, Source, read_product, read_text

BANNED = {"util", "utils", "helper", "helpers", "common", "manager", "service", "handler"} | {
    "base",
    "core",
    "misc",
}
SQL = re.compile(
    r"\b(select\b.+\bfrom|insert\s+into|update\s+\w+\s+set|delete\s+from)\b",
    re.IGNORECASE | re.DOTALL,
)
FILE_LINES = 250
FUNCTION_LINES = 40
SETTINGS = sorted(PREFIX + name.upper() for name in Settings.model_fields)


def _files_that_use(*attributes: str) -> set[str]:
    return {
        source.path for source in read_product() if set(attributes) & set(source.find_attributes())
    }


def _strings(source: Source) -> Iterator[ast.expr]:
    statements = [node.value for node in ast.walk(source.tree) if isinstance(node, ast.Expr)]
    for node in ast.walk(source.tree):
        # A string that is a statement of its own is a docstring: prose, not SQL.
        if isinstance(node, ast.Constant | ast.JoinedStr) and node not in statements:
            yield node


# --- Borders that import contracts can't express ---


def test_only_the_session_module_touches_session_state() -> None:
    assert _files_that_use("st.session_state") <= {"pages/ui/session.py"}


def test_only_the_runtime_reads_the_wall_clock() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    assert _files_that_use(*clocks) == {"pages/ui/runtime.py"}


def test_only_the_settings_read_the_environment() -> None:
    assert _files_that_use("os.environ", "os.getenv", "os.environb") == {"gate/settings.py"}


def test_no_sql_is_written_outside_data() -> None:
    outside = [source for source in read_product() if not source.path.startswith("data/")]
    found = {
        source.path
        for source in outside
        for node in _strings(source)
        if SQL.search(ast.unparse(node))
    }
    assert found == set()


def test_nobody_imports_the_app() -> None:
    assert [source.path for source in read_product() if "app" in source.find_imports()] == []


def test_the_app_knows_neither_the_driver_nor_the_charts() -> None:
    app = next(source for source in read_product() if source.path == "app.py")
    roots = {name.split(".")[0] for name in app.find_imports()}
    assert roots & {"duckdb", "plotly", "pandas", "smtplib"} == set()


# --- Names and sizes ---


def test_no_file_or_folder_is_a_drawer_for_anything() -> None:
    words = {
        word: path
        for path in (source.path for source in read_product())
        for word in re.split(r"[/_.]", path)
    }
    assert {word: path for word, path in words.items() if word in BANNED} == {}


def test_no_class_or_function_has_an_empty_name() -> None:
    defined = [
        (node.name, source.path)
        for source in read_product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    empty = re.compile(r"(?:Utils?|Helpers?|Common|Manager|Service|Handler|Base|Core|Misc)$")
    assert [pair for pair in defined if pair[0] in BANNED or empty.search(pair[0])] == []


def test_a_functions_name_has_one_home() -> None:
    homes = Counter(
        node.name
        for source in read_product()
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert {name: count for name, count in homes.items() if count > 1} == {}


def test_a_public_classs_name_has_one_home() -> None:
    homes = Counter(
        node.name
        for source in read_product()
        for node in source.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name: count for name, count in homes.items() if count > 1} == {}


def test_every_file_can_be_read_at_once() -> None:
    sizes = {source.path: len(source.text.splitlines()) for source in read_product()}
    print(*(f"{lines:4} {path}" for path, lines in sizes.items()), sep="\n")  # noqa: T201 - the report
    assert {path: lines for path, lines in sizes.items() if lines > FILE_LINES} == {}


def test_every_function_fits_on_a_screen() -> None:
    sizes = {
        f"{source.path}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for source in read_product()
        for node in source.find_functions()
    }
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES} == {}


# --- Papers ---


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_explained(name: str) -> None:
    assert f"`{name}`" in read_text("README.md")
    assert re.search(rf"^(# )?{name}=", read_text(".env.example"), re.MULTILINE)


@pytest.mark.parametrize("path", ["README.md", ".env.example"])
def test_no_setting_is_explained_that_does_not_exist(path: str) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", read_text(path)))
    assert named <= set(SETTINGS)


def test_the_examples_defaults_are_the_programs() -> None:
    examples = dict(re.findall(r"^(GATEBOOK_\w+)=(.+)$", read_text(".env.example"), re.MULTILINE))
    fields = {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}
    assert {name: str(fields[name].default) for name in examples} == examples


def test_the_readmes_two_commands_are_the_ones_that_are_run() -> None:
    commands = re.findall(r"^\./run.*$", read_text("README.md"), re.MULTILINE)
    assert [command.split("#")[0].strip() for command in commands[:2]] == ["./run", "./run test"]
    assert read_text(".ci/run").rstrip().splitlines()[-1] == "./run test"


def test_every_command_of_the_readme_exists() -> None:
    answer = subprocess.run(["sh", "run", "help"], cwd=ROOT, capture_output=True, check=True)
    told = re.findall(r"\./run ([a-z-]+)", read_text("README.md"))
    assert [
        word for word in told if not re.search(rf"(^|\s){word}\b", answer.stdout.decode())
    ] == []


def test_every_file_that_the_readme_names_exists() -> None:
    pattern = r"\b((?:tests|docs|data|gate|pages|benchmarks)/[\w/.-]+\.(?:py|png|sql|md))"
    named = set(re.findall(pattern, read_text("README.md")))
    assert named
    assert {path for path in named if not (ROOT / path).exists()} == set()


# --- What is installed and served ---


def test_the_lock_names_no_registry() -> None:
    lock = read_text("requirements.lock")
    assert re.findall(r"://|--(?:index|extra-index|find-links)\S*", lock) == []


def test_everything_in_the_lock_has_its_hash() -> None:
    requirements = re.split(r"\n(?=\S)", read_text("requirements.lock").strip())
    assert [text for text in requirements if "--hash=sha256:" not in text] == []


def _asked_for(*extras: str) -> set[str]:
    project = tomllib.loads(read_text("pyproject.toml"))["project"]
    optional = project["optional-dependencies"]
    asked = chain(project["dependencies"], *(optional[extra] for extra in extras))
    return {re.split(r"[=<>~ \[]", text)[0].lower().replace("_", "-") for text in asked}


def test_the_lock_holds_everything_that_the_project_asks_for() -> None:
    lock = read_text("requirements.lock").lower()
    assert _asked_for("setup", "test") <= set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))


def test_the_project_asks_for_everything_that_it_imports() -> None:
    homes = packages_distributions()
    imported = {name.split(".")[0] for source in read_product() for name in source.find_imports()}
    foreign = imported - sys.stdlib_module_names - {*ROOMS, "app"}
    unasked = {
        name
        for name in foreign
        if not {home.lower().replace("_", "-") for home in homes.get(name, ())} & _asked_for()
    }
    assert unasked == set()


def test_streamlit_knows_every_option_that_we_set() -> None:
    options = tomllib.loads(read_text(".streamlit/config.toml"))
    for section in ("server", "runner", "client", "browser"):
        for name in options[section]:
            config.get_option(f"{section}.{name}")


def test_charts_have_the_ten_colours_that_they_need() -> None:
    theme = tomllib.loads(read_text(".streamlit/config.toml"))["theme"]
    for shade in ("light", "dark"):
        assert len(theme[shade]["chartCategoricalColors"]) == 10


def test_only_the_font_and_the_icon_are_public_files() -> None:
    served = {path.suffix for path in (ROOT / "pages/static").iterdir()}
    assert served <= {".woff2", ".svg", ".png", ".txt"}


def test_every_room_says_what_lives_in_it() -> None:
    assert [room for room in ROOMS if not read_text(f"{room}/__init__.py").startswith('"""')] == []
