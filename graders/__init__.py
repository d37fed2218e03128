"""LAYER 2. What the author of a hidden suite imports."""

from graders.criterion import Criterion, criterion
from graders.expectation import gives, raises
from graders.sandbox.errors import remote_of
from graders.sandbox.proxy import Handle, Submission

__all__ = ["Criterion", "Handle", "Submission", "criterion", "gives", "raises", "remote_of"]
