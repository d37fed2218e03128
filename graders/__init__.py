"""The names that the author of a hidden suite imports."""

from graders.authoring.anew import Attended, Fact, anew, program
from graders.authoring.criterion import Criterion, because, criterion, examples_of
from graders.authoring.expectation import Unmet, exactly, gives, holds, raises, tolerating
from graders.sandbox.errors import Hung, remote_of
from graders.sandbox.proxy import Handle, Submission

__all__ = [
    "Attended",
    "Criterion",
    "Fact",
    "Handle",
    "Hung",
    "Submission",
    "Unmet",
    "anew",
    "because",
    "criterion",
    "exactly",
    "examples_of",
    "gives",
    "holds",
    "program",
    "raises",
    "remote_of",
    "tolerating",
]
