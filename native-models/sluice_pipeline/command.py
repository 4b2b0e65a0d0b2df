"""Runs commands of this installation of Sluice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

SUCCESS = 0
ANSWER_IS_NO = 1

RETRIED = frozenset({69, 75})
"""Exit codes of what may succeed later: a service is unavailable, or another command holds a lock."""

REASON = re.compile(r"(?:error|[A-Z][A-Z_]+): ")
"""How a line begins that says why a command failed; advice may follow it."""

END_SECONDS = 30
"""How long a command that was interrupted gets to clean up."""


class CommandError(Exception):
    """
    A command that ended with an exit code that its caller does not expect.

    Attributes
    ----------
    code : int
        The exit code; docs/errors.md lists them.
    """

    def __init__(self, command: str, code: int, message: str) -> None:
        super().__init__(f"sluice {command} ended with exit code {code}: {message}")
        self.code = code


@dataclass(frozen=True)
class Answer:
    """
    What a command answered.

    Attributes
    ----------
    code : int
        `SUCCESS`, or another exit code that the caller allowed.
    output : str
        Standard output.
    """

    code: int
    output: str

    def document(self) -> Any:
        """Return the JSON document that `--json` printed."""
        return json.loads(self.output)


def _ignore(line: str) -> None:
    pass


@dataclass(frozen=True)
class SluiceCommand:
    """
    The command `sluice` with settings.

    Attributes
    ----------
    program : tuple of str
        The program and its first arguments, such as `("node", "dist/sluice.js")`.
    options : tuple of str
        Options of every command, such as `("--config", "sluice.yaml")`.
    settings : mapping
        Environment variables `SLUICE_A__B` that are set for it. Sluice validates them.
    say : callable
        Receives each line of standard error.
    directory : str, optional
        The folder that it runs in, to which paths of the settings are relative; that of this process where left out.
    """

    program: tuple[str, ...]
    options: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = _ignore
    directory: str | None = None

    def with_settings(self, settings: Mapping[str, str]) -> SluiceCommand:
        """Return a copy with these settings added or replaced."""
        return replace(self, settings={**self.settings, **settings})

    def run(self, *arguments: str, allowed: Collection[int] = (SUCCESS,)) -> Answer:
        """
        Run a command to its end.

        Parameters
        ----------
        *arguments : str
            The command and its arguments.
        allowed : collection of int
            The exit codes that are answers.

        Returns
        -------
        Answer
            Exit code and standard output.

        Raises
        ------
        CommandError
            With another exit code.
        """
        with self._started(arguments) as (process, last):
            assert process.stdout is not None
            output = process.stdout.read()
            code = process.wait()
        if code not in allowed:
            raise CommandError(_name(arguments), code, last())
        return Answer(code, output)

    def lines(self, *arguments: str) -> Iterator[str]:
        """
        Run a command and yield its standard output line by line.

        Raises
        ------
        CommandError
            After the last line, with another exit code than `SUCCESS`.
        """
        with self._started(arguments) as (process, last):
            assert process.stdout is not None
            yield from process.stdout
            code = process.wait()
        if code != SUCCESS:
            raise CommandError(_name(arguments), code, last())

    @contextmanager
    def _started(self, arguments: tuple[str, ...]) -> Iterator[tuple[subprocess.Popen[str], Callable[[], str]]]:
        process = subprocess.Popen(
            [*self.program, *arguments, *self.options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=_environment(self.settings),
            cwd=self.directory,
        )
        complaint = _Complaint(process, self.say)
        try:
            yield process, complaint.last
        finally:
            # Where the run was ended, the command is still there: it takes back what it has begun.
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(END_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
            complaint.join()
            if process.stdout is not None:
                process.stdout.close()


class _Complaint:
    """Reads standard error, so that the command never waits for it, and remembers why it failed."""

    def __init__(self, process: subprocess.Popen[str], say: Callable[[str], None]) -> None:
        self._process, self._say = process, say
        self._last, self._reason = "it printed no reason", ""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            for line in stream:
                if text := line.rstrip():
                    self._last = text
                    if REASON.match(text):
                        self._reason = text
                    self._say(text)

    def join(self) -> None:
        self._thread.join()

    def last(self) -> str:
        self.join()
        return self._reason or self._last


def _name(arguments: tuple[str, ...]) -> str:
    words = []
    for argument in arguments:
        if argument.startswith("-") or os.sep in argument:
            break
        words.append(argument)
    return " ".join(words[:2])


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """
    Return the environment of this process with settings, and without what is meant for its Python.

    `sluice train` has a Python environment of its own. A secret replaces the file that has it, and a file the secret: Sluice
    refuses both at once.
    """
    replaced = {other for name in settings for other in (name, f"{name}_FILE", name.removesuffix("_FILE"))}
    foreign = ("PYTHON", "DAGSTER_", "VIRTUAL_ENV")
    inherited = {name: value for name, value in os.environ.items() if name not in replaced and not name.startswith(foreign)}
    return {**inherited, **settings}


def temporary_file(folder: Path, name: str) -> Path:
    """Create an empty file that only this user can read, for messages, which are people's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    return path
