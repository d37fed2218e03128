"""A file that was handed in: its bytes, and the kata that it is graded for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graders.authoring import solutions
from graders.authoring.catalogue import Kata

MAX_BYTES = 1 << 20


class BadInput(ValueError):
    """The user named something that can't be graded; the message says what to do instead."""


def read_submission(path: Path, root: Path) -> bytes:
    """Return the bytes of a submission's file; for an edit among the solutions of the project in `root`, its result.

    Raises:
        BadInput: the file is missing, not a regular file, too large, or an edit that can't be applied.
    """
    if path.is_dir():
        raise BadInput(f"{path} is a folder; name a file, such as {path / 'hashing.py'}")
    if not path.exists():
        raise BadInput(f"There is no file {path}; name one with --submission=FILE")
    if not path.is_file():
        raise BadInput(f"{path} is not a regular file; name one with --submission=FILE")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadInput(f"{path} has {size:,} bytes; a submission may have {MAX_BYTES:,}")
        return solutions.read(path) if _is_edit(path, root) else path.read_bytes()
    except solutions.BadEdit as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error


def _is_edit(path: Path, root: Path) -> bool:
    """Whether a file is an edit of the kata's author. A learner's file with such a name is graded as it is."""
    place = path.resolve().parent
    ours = place.name == "rejected" and place.parent.parent == (root / "solutions").resolve()
    return ours and path.suffix == solutions.SUFFIX


@dataclass(frozen=True)
class Target:
    """One file to grade for one kata. label: the user's name for it."""

    kata: Kata
    path: Path
    label: str

    @property
    def node(self) -> str:
        """The beginning of its node ids: the label, or the kata's own file if the label is outside of the project."""
        # Pytest would look for the project at the path of an id.
        return f"katas/{self.kata.slug}.py" if Path(self.label).is_absolute() else self.label
