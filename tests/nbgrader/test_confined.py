"""The code of a notebook is read with limits, beside the grader."""

from __future__ import annotations

from pathlib import Path

import pytest

from graders.nbgrader import confined
from graders.nbgrader.code import Piece
from graders.nbgrader.code import assemble as at_once
from graders.nbgrader.submitted import Unreadable
from graders.sandbox.errors import GraderFault


def test_it_gives_what_the_same_code_gives_in_this_process() -> None:
    """Cells with notes, text beyond ASCII, and an answer that is not Python."""
    pieces = [Piece(1, "import math\n!ls", own=False), Piece(2, "é = '\u2028'", own=True), Piece(3, "for", own=False)]

    assert confined.assemble(pieces) == at_once(pieces)
    assert confined.assemble([]) == at_once([])


def test_what_takes_too_long_to_read_is_the_notebooks_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiler's time grows with the square of some texts: a megabyte of lambdas takes many minutes."""
    monkeypatch.setattr(confined, "CPU_SECONDS", 1)

    with pytest.raises(Unreadable, match="more than 1 s"):
        confined.assemble([Piece(1, "lambda:0\n" * 100_000, own=True)])


def test_what_takes_too_much_memory_to_read_is_left_to_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer stays as it is, and fails there; an added cell is left out."""
    monkeypatch.setattr(confined, "MEMORY_BYTES", 64 << 20)
    text = "x = f'" + "{y}" * 150_000 + "'"

    found = confined.assemble([Piece(1, text, own=True), Piece(2, text, own=False)])
    assert found.text == f"# Cell 1\n{text}\n"
    assert found.notes == ("Cell 2 is left out: it is no Python.",)


def test_a_reader_that_crashes_is_the_notebooks_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Some texts have ended compilers; the reason is said for the student to read."""
    crash = tmp_path / "crash.py"
    crash.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr("graders.nbgrader.code.__file__", str(crash))

    with pytest.raises(Unreadable, match="too deeply nested"):
        confined.assemble([])


def test_a_reader_that_cannot_start_is_the_graders_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs no point."""
    monkeypatch.setattr("sys.executable", "/nonexistent/python")

    with pytest.raises(GraderFault, match="can't be read"):
        confined.assemble([])


def test_a_reader_that_is_killed_is_the_graders_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever killed it, it was none of the limits on the notebook: no point is lost."""
    killed = tmp_path / "killed.py"
    killed.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr("graders.nbgrader.code.__file__", str(killed))

    with pytest.raises(GraderFault, match="its reader was killed"):
        confined.assemble([])
