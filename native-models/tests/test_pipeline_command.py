import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from sluice_pipeline.command import CommandError, SluiceCommand, temporary_file

PRINT = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]))"


def python(code: str, **parts: object) -> SluiceCommand:
    return SluiceCommand((sys.executable, "-c", code), **parts)  # type: ignore[arg-type]


def test_a_command_gets_options_settings_and_folder_and_nothing_that_is_meant_for_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("SLUICE_STORE__KIND", "libsql")
    monkeypatch.setenv("SLUICE_STORE__MYSQL__PASSWORD", "secret")
    command = python(
        PRINT,
        options=("--config", "a.yaml"),
        settings={"SLUICE_STORE__KIND": "mysql", "SLUICE_STORE__MYSQL__PASSWORD_FILE": "/file"},
        directory=str(tmp_path),
    )
    arguments, environment, folder = command.with_settings({"SLUICE_MODEL__STORE": "s3"}).run("model", "list").document()
    assert arguments == ["model", "list", "--config", "a.yaml"]
    assert (environment["SLUICE_STORE__KIND"], environment["SLUICE_MODEL__STORE"]) == ("mysql", "s3")
    assert "SLUICE_STORE__MYSQL__PASSWORD" not in environment
    assert folder == str(tmp_path.resolve())
    assert not [name for name in environment if name.startswith(("PYTHON", "DAGSTER_"))]


def test_an_unexpected_exit_code_is_an_error_with_the_last_line_of_standard_error() -> None:
    lines: list[str] = []
    code = "import sys; print('reading', file=sys.stderr); print('STORE_FAILED: no answer', file=sys.stderr); sys.exit(69)"
    with pytest.raises(CommandError, match=r"sluice dataset assemble ended with exit code 69: STORE_FAILED: no answer") as raised:
        python(code, say=lines.append).run("dataset", "assemble", "--out", "x")
    assert raised.value.code == 69
    assert lines == ["reading", "STORE_FAILED: no answer"]
    assert python(code).run("x", allowed=(0, 69)).code == 69
    usage = "import sys; print(\"error: unknown option '--x'\\n\\nsluice help lists the commands\", file=sys.stderr); sys.exit(2)"
    with pytest.raises(CommandError, match="error: unknown option '--x'"):
        python(usage).run("x")
    with pytest.raises(CommandError):
        list(python(code).lines("score"))


def test_a_command_that_prints_much_on_both_streams_is_read_to_its_end() -> None:
    code = "import sys\nfor _ in range(20000): print('o' * 50); print('e' * 50, file=sys.stderr)"
    lines: list[str] = []
    assert len(list(python(code, say=lines.append).lines("score"))) == 20_000
    assert len(lines) == 20_000


def test_a_command_is_ended_when_its_caller_is_interrupted(tmp_path: Path) -> None:
    file, beside = tmp_path / "pid", tmp_path / "new"
    write = f"open({str(beside)!r}, 'w').write(str(os.getpid())); os.rename({str(beside)!r}, {str(file)!r})"
    code = f"import os, time; {write}; time.sleep(600)"

    def interrupt() -> None:
        while not file.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        python(code).run("train")
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def test_files_for_messages_can_be_read_by_this_user_only(tmp_path: Path) -> None:
    path = temporary_file(tmp_path / "new", "texts.jsonl")
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    path.write_text(json.dumps({}))
    assert temporary_file(tmp_path / "new", "texts.jsonl").read_text() == ""
