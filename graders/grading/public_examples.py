"""The public examples of a statement: run first, for the learner only, worth no points."""

from __future__ import annotations

import doctest

from graders.grading.attempt import interrupted
from graders.grading.outcome import Examples
from graders.sandbox.connection import Connection
from graders.sandbox.errors import Left, SubmissionFault, encodable, remote_of
from graders.sandbox.loader import Loader
from graders.sandbox.transcript import Transcript, masked

_MOST = 2_000  # characters of an example's output
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

PUBLIC = "the public examples"


def run_examples(loader: Loader, statement: str) -> Examples:
    """Run a statement's doctest examples, in order, in one fresh load of a submission.

    statement: the kata's own; a docstring of the submission's could keep doctest busy for hours.

    Raises:
        GraderFault: the grader's own side failed.
    """
    transcript = Transcript()
    try:
        return _run(loader, statement, transcript)
    except Left as left:
        raise left.cause from None
    except KeyboardInterrupt as interrupt:
        interrupt.kata_where = interrupted(loader, transcript, PUBLIC)  # type: ignore[attr-defined]
        raise


def _run(loader: Loader, statement: str, transcript: Transcript) -> Examples:
    try:
        connection = Connection(loader.fresh(), transcript)
        found = doctest.DocTestParser().get_examples(statement)
    except (SubmissionFault, ValueError):
        return Examples()  # each criterion says why; a statement that doctest can't parse has no examples
    checker = doctest.OutputChecker()
    failed = []
    tried = 0
    for example in found:
        tried += 1
        try:
            got = connection.ask("show", example.source, step=transcript.add(example.source))
            got = encodable(got[:_MOST]) if type(got) is str else "?"
        except SubmissionFault as error:
            failed.append((example.source, example.want, str(error)))
            break
        except Exception as error:
            remote = remote_of(error)
            if remote is None:
                raise
            got = f"{remote.type}: {remote.message}\n" if remote.message else f"{remote.type}\n"
            # Compare the type alone: no kata asks for an error's text, which Python prints after module and class.
            wanted = (example.exc_msg or "").partition(":")[0].strip()
            right = example.exc_msg is not None and remote.type.rpartition(".")[2] == wanted.rpartition(".")[2]
        else:
            right = example.exc_msg is None and checker.check_output(example.want, got, _FLAGS)
        if not right:
            failed.append((example.source, example.exc_msg or example.want, masked(got)))
    return Examples(tried, tuple(failed))
