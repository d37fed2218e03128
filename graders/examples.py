"""LAYER 3. The public examples of a statement: run first, for the learner's eyes only, worth no points."""

from __future__ import annotations

import doctest

from graders.loader import Loader
from graders.sandbox.connection import Connection
from graders.sandbox.errors import SubmissionFault, remote_of
from graders.sandbox.transcript import Transcript
from graders.scoring import Examples

_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_examples(loader: Loader) -> Examples:
    """Run the doctest examples of the submission's module docstring, in order, in one fresh load of it.

    Raises:
        GraderFault: the grader's own side failed.
    """
    try:
        connection = Connection(loader.fresh(), Transcript())
        found = doctest.DocTestParser().get_examples(loader.doc)
    except (SubmissionFault, ValueError):
        return Examples()  # each criterion says why; a docstring that is no doctest has no examples
    checker = doctest.OutputChecker()
    failed = []
    tried = 0
    for example in found:
        tried += 1
        try:
            got = connection.ask("show", example.source)
            if type(got) is not str:
                got = "?"
        except SubmissionFault as error:
            failed.append((example.source, example.want, str(error)))
            break
        except Exception as error:
            remote = remote_of(error)
            if remote is None:
                raise
            got = f"{remote.type}: {remote.message}\n"
            if example.exc_msg is not None and checker.check_output(example.exc_msg, got, _FLAGS):
                continue
        if not checker.check_output(example.want, got, _FLAGS):
            failed.append((example.source, example.want, got))
    return Examples(tried, tuple(failed))
