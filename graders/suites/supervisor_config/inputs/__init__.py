"""What the suite of supervisor_config asks: per criterion a strategy, and examples of rare rules."""

from graders.suites.supervisor_config.inputs.groups import GROUPS_DIRECTED, KEPT, group_cases
from graders.suites.supervisor_config.inputs.lines import (
    COMMENTS_DIRECTED,
    DUPLICATES_DIRECTED,
    MANY_LINES,
    STRUCTURE_DIRECTED,
    comment_cases,
    duplicate_cases,
    structure_cases,
)
from graders.suites.supervisor_config.inputs.options import (
    ENVIRONMENT_DIRECTED,
    TYPED_DIRECTED,
    environment_cases,
    typed_cases,
)
from graders.suites.supervisor_config.inputs.processes import (
    EXPANSION_DIRECTED,
    NUMPROCS_DIRECTED,
    SEED_DIRECTED,
    expansion_cases,
    numprocs_cases,
    seed_cases,
)

__all__ = [
    "COMMENTS_DIRECTED",
    "DUPLICATES_DIRECTED",
    "ENVIRONMENT_DIRECTED",
    "EXPANSION_DIRECTED",
    "GROUPS_DIRECTED",
    "KEPT",
    "MANY_LINES",
    "NUMPROCS_DIRECTED",
    "SEED_DIRECTED",
    "STRUCTURE_DIRECTED",
    "TYPED_DIRECTED",
    "comment_cases",
    "duplicate_cases",
    "environment_cases",
    "expansion_cases",
    "group_cases",
    "numprocs_cases",
    "seed_cases",
    "structure_cases",
    "typed_cases",
]
