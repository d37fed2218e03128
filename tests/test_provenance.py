"""Where a grade comes from: the hash of all that decides, the versions, and the file."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

import pytest

from graders.authoring.catalogue import Kata
from graders.grading import provenance

SUITE = "import json\nimport nobody_has_this\nfrom graders.suites.box import oracle\n"
ORACLE = "import sqlalchemy\n"


@pytest.fixture(name="kata")
def _kata(tmp_path: Path) -> Kata:
    """A kata in a folder of its own."""
    kata = Kata("box", tmp_path)
    oracle = kata.suite_file.with_name("oracle.py")
    files = {kata.suite_file: SUITE, oracle: ORACLE, kata.reference: "x = 1\n", kata.stub: "x = 2\n"}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return kata


def digest(kata: Kata) -> str:
    """Return the hash of a suite as a new process finds it."""
    provenance._decisive.cache_clear()
    return str(provenance.of_suite(kata)["suite"])


def test_what_decides_is_in_the_hash_and_nothing_else(kata: Kata, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite, the files beside it, the reference, the grader's release; not the learner's own file."""
    before = digest(kata)
    changed = {}
    for path in (kata.suite_file, kata.suite_file.with_name("oracle.py"), kata.reference, kata.stub):
        text = path.read_text()
        path.write_text(text + "# another\n")
        changed[path.stem] = digest(kata)
        path.write_text(text)
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "_release", lambda: "9.9")
        changed["release"] = digest(kata)

    assert changed.pop("box") == before == digest(kata)
    assert len({before, *changed.values()}) == 1 + len(changed) == 5


def test_a_suite_that_is_broken_or_gone_has_a_hash_too(kata: Kata) -> None:
    """What could not be graded by it says by what."""
    before = digest(kata)
    kata.suite_file.write_text("def (:")
    broken = digest(kata)
    kata.suite_file.unlink()
    kata.reference.unlink()

    assert len({before, broken, digest(kata)}) == 3


def test_the_versions_are_of_what_ran_it(kata: Kata, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries that a suite compares with are among them, as far as they are installed."""
    digest(kata)
    versions = provenance.of_suite(kata)["versions"]

    assert set(versions) == {"grader", "python", "hypothesis", "sqlalchemy"}
    assert versions["sqlalchemy"] == metadata.version("sqlalchemy")

    def unknown(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", unknown)
    assert provenance._release() == "0"


def test_a_file_is_known_by_its_bytes_and_its_time() -> None:
    """Whatever that time is; of one that is too large to be read the bytes are not known."""
    known = provenance.file("a/b.py", b"x", 0.5)

    assert known == {
        "path": "a/b.py",
        "sha256": hashlib.sha256(b"x").hexdigest(),
        "size": 1,
        "modified": "1970-01-01T00:00:00Z",
    }
    assert provenance.file("a", None, 1e30) == {"path": "a", "sha256": None, "size": None, "modified": None}
