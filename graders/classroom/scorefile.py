"""The scores file of a run: it keeps earlier results, saves each new one at once, and is written whole.

While a run goes on, each result is appended to a journal beside the file, FILE.journal, as a line of JSON. At the end
the file is replaced in one step and the journal removed. A run that was killed leaves its journal; the next run with
the same file takes it up. The journal is locked during the run, so that two runs can't write to one file.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
from pathlib import Path

from graders.report import scores
from graders.report.scores import BadScores, Document, Entry, Header, Key

_HEAD = f'{{"schema": "{scores.SCHEMA}"'.encode()  # the beginning of a line that names the run of the lines after it
BUSY = "another run is writing to {path}: wait for its end, or name another file"


def read(path: Path) -> Document:
    """Return the document of a scores file, with the results of a journal beside it. It changes no file.

    Raises:
        BadScores: one of the two holds something else, or can't be read.
    """
    document = _document(path) or {"schema": scores.SCHEMA, "results": []}
    try:
        lines = _journal(path).read_bytes()
    except OSError:
        lines = b""
    found, _ = _taken_up(lines, str(_journal(path)))
    results = {scores.key(each): each for each in document["results"]}
    for each in found:
        _fold(results, each)
    return {**document, "results": sorted(results.values(), key=scores.key)}


class ScoreFile:
    """A scores file that a run has opened; no other run can write to it meanwhile.

    path: the file; base: its results and those of an earlier run's journal; taken_up: how many came from the journal.

    Raises:
        BadScores: it holds something else, is in use, or can't be written to; nothing was touched.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        self.base: dict[Key, Entry] = {}
        self.taken_up = 0
        self._header = header
        self._more: Document = {}
        self._journal = -1
        self._end = 0
        self._begun = False
        # A pipe or a device holds no earlier results and can't be replaced.
        self._stream = path.exists() and not path.is_file()
        if self._stream:
            return
        self.path = path.resolve()  # a link remains a link
        new = not os.path.lexists(_journal(self.path))
        self._journal = _locked(self.path)
        try:
            self._more = _document(self.path) or {}
            self.base = {scores.key(each): each for each in self._more.get("results", ())}
            with open(self._journal, "rb", closefd=False) as file:
                data = file.read()
            found, self._end = _taken_up(data, str(_journal(self.path)))
            if self._end > len(data):  # the last line is whole, except for its newline
                _write(self._journal, b"\n", len(data))
        except BaseException:
            self._let_go(remove=new)
            raise
        for each in found:
            _fold(self.base, each)
        self.taken_up = len({scores.key(each) for each in found})

    def append(self, result: Entry) -> None:
        """Save a result at once, so that it survives whatever ends this process.

        Raises:
            OSError: it can't be written; earlier results are safe, and a later call may succeed.
        """
        if self._journal < 0:
            return
        lines = [result]
        if not self._begun:
            # This line names the run of the lines after it.
            lines.insert(0, {"schema": scores.SCHEMA, "seed": self._header.seed, "started": self._header.started})
        data = b"".join(map(_line, lines))
        try:
            os.ftruncate(self._journal, self._end)  # a half-written line, of this run or one that was killed
            _write(self._journal, data, self._end)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._journal, self._end)
            raise
        self._begun = True
        self._end += len(data)

    def kept(self, new: Entry, *, reached: bool = True) -> Entry | None:
        """Return the earlier result that stays in place of a new one, None if the new one counts."""
        old = self.base.get(scores.key(new))
        return old if scores.stays(old, new, reached=reached) else None

    def write(self, header: Header, results: list[tuple[Entry, bool]]) -> None:
        """Write the whole file: its earlier results and these, each with whether the run reached it.

        Raises:
            OSError: the folder is not writable, or the disk is full; the file and the journal are unchanged.
        """
        merged = dict(self.base)
        for each, reached in results:
            _fold(merged, each, reached=reached)
        text = json.dumps(scores.document(header, list(merged.values()), self._more), indent=1, ensure_ascii=False)
        if self._stream:
            self.path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
            return
        _replace(self.path, text + "\n")
        self._let_go(remove=True)

    def has_journal(self) -> bool:
        """Whether the journal is still at its path, where a later run finds it."""
        with contextlib.suppress(OSError):
            return self._journal >= 0 and os.path.samestat(os.fstat(self._journal), os.stat(_journal(self.path)))
        return False

    def close(self) -> None:
        """Close the file. A journal that holds results stays."""
        if self._journal >= 0:
            self._let_go(remove=self._end == 0)

    def _let_go(self, *, remove: bool) -> None:
        if remove:
            with contextlib.suppress(OSError):
                _journal(self.path).unlink()
        os.close(self._journal)
        self._journal = -1


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}.journal")


def _locked(path: Path) -> int:
    """Return a descriptor of the journal, which is created if missing and locked by this process."""
    journal = _journal(path)
    while True:
        try:
            opened = os.open(journal, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
        except OSError as error:
            raise BadScores(f"{path} can't be written: {journal.name}: {error.strerror}") from None
        try:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise BadScores(f"{path} can't be written: {journal} is not an ordinary file")
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The process that held the lock may have removed the journal while this one opened it.
            if os.path.samestat(os.fstat(opened), os.stat(journal)):
                with contextlib.suppress(OSError):  # as private as the scores file
                    os.fchmod(opened, path.stat().st_mode & 0o666 | 0o600)
                return opened
        except FileNotFoundError:
            pass
        except BlockingIOError:
            os.close(opened)
            raise BadScores(BUSY.format(path=path)) from None
        except OSError as error:
            os.close(opened)
            raise BadScores(f"{journal} can't be locked: {error.strerror}; name a file on another disk") from None
        except BadScores:
            os.close(opened)
            raise
        os.close(opened)


def _document(path: Path) -> Document | None:
    """Return the document of a scores file, None if it is missing or empty."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadScores(f"{path} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadScores(f"{path} can't be read as JSON: it is not UTF-8. Name another file.") from None
    return scores.parsed(text, str(path)) if text.strip() else None


def _taken_up(data: bytes, name: str) -> tuple[list[Entry], int]:
    """Return the results of a journal and the end of its last whole line. A torn last line is left out."""
    found: list[Entry] = []
    end, lines = 0, data.rstrip(b"\n").split(b"\n") if data else []
    if lines and not (lines[0].startswith(_HEAD) or _HEAD.startswith(lines[0])):
        raise BadScores(f"{name} is not the journal of a run: move it away, or name another file")
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            if number == len(lines):
                break
            raise BadScores(f"{name}, line {number}, can't be read: {error}; move the journal away") from None
        if not line.startswith(_HEAD):
            scores.check(value, f"{name}, line {number},")
            found.append(value)
        end += len(line) + 1
    return found, end


def _fold(results: dict[Key, Entry], new: Entry, *, reached: bool = True) -> None:
    """Replace an earlier result with a new one, unless the earlier one stays."""
    if not scores.stays(results.get(scores.key(new)), new, reached=reached):
        results[scores.key(new)] = new


def _line(value: Entry) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _write(descriptor: int, data: bytes, start: int) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], start + done)


def _replace(path: Path, text: str) -> None:
    """Write a file so that `path` is either the old file or the whole new one."""
    made = path.with_name(f".{path.name}.new")
    made.unlink(missing_ok=True)  # left by a run that was killed at this point
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # It was private until now. It gets the old file's permissions, or the default ones if there was none.
        made.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
