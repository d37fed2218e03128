"""How good a hidden suite is: mutants of the reference, graded by it. What survives is killed or explained.

    pip install -e ".[mutants]"
    python benchmarks/mutants.py SLUG [SLUG ...]

A mutant is the reference with one small change, made by an operator of cosmic-ray's or of mutmut's: each has some that
the other lacks (docs/decisions/0006-mutants-of-two-tools.md). One that is the same program is left out. The others are
graded one by one at level process, with the inputs of one seed, until the first criterion is lost. The outcome is
written into solutions/SLUG/mutants.toml. What survives has to be killed by a better suite or explained there, by hand,
in `why`; what is explained stays so. tests/test_catalogue.py says when the reference has changed since.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import sys
import time
import tomllib
import warnings
from collections.abc import Iterator
from difflib import unified_diff

from graders.authoring.catalogue import Kata, find
from graders.grading.examiner import Examiner
from graders.grading.run import Run
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Source

try:
    import libcst
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names
    from mutmut.mutation.mutators import mutation_operators
except ImportError as error:
    raise SystemExit(f'{error.name} is missing: pip install -e ".[mutants]"') from error

SEED = 7
HEAD = """\
# Mutants of reference.py that the hidden suite does not see, and why nobody could.
# Written by: python benchmarks/mutants.py {slug}; only `why` is written by hand.
"""


def of_cosmic_ray(source: str) -> Iterator[str]:
    """Yield the source changed by each of cosmic-ray's operators that needs no arguments, at each of its places."""
    nodes = list(ast_nodes(get_ast(source)))
    for name in operator_names():
        kind = get_operator(name)
        if not kind.arguments():
            places = sum(len(list(kind().mutation_positions(node))) for node in nodes)
            yield from (mutate_code(source, kind(), place) for place in range(places))


def of_mutmut(source: str) -> Iterator[str]:
    """Yield the source changed by each of mutmut's operators at each of its places, decorated functions as well."""
    module = libcst.parse_module(source)
    waiting: list[libcst.CSTNode] = [module]
    while waiting:
        node = waiting.pop()
        waiting += reversed(node.children)
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for changed in operator(node):
                    with contextlib.suppress(libcst.CSTValidationError):
                        yield module.deep_replace(node, changed).code


class _Bare(ast.NodeTransformer):
    """Takes away what a program does not do: annotations, docstrings, and the words of an error."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.args = [ast.Constant(None) if _is_prose(arg) else arg for arg in node.args]
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc.args = [ast.Constant(None) if _is_message(arg) else arg for arg in node.exc.args]
        return self.generic_visit(node)


def _is_prose(node: ast.expr) -> bool:
    """Whether an argument is a text of three words or more: what an error will say, which is never graded."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 2


def _is_message(node: ast.expr) -> bool:
    """Whether what is raised holds a text in which nothing can go wrong: a constant, or one that shows variables."""
    shown = [part.value for part in ast.walk(node) if isinstance(part, ast.FormattedValue)]
    return isinstance(node, ast.Constant | ast.JoinedStr) and all(isinstance(each, ast.Name) for each in shown)


def program(source: str) -> str:
    """Return what is the same for two sources that are the same program."""
    return ast.dump(_Bare().visit(ast.parse(source)))


def mutants(source: str) -> dict[str, str]:
    """Return the mutants of a source, each different program once, and whose they are."""
    seen = {program(source)}
    found: dict[str, str] = {}
    for tool, changed in (("cosmic-ray", of_cosmic_ray(source)), ("mutmut", of_mutmut(source))):
        for mutant in changed:
            with contextlib.suppress(SyntaxError), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(mutant, "mutant", "exec")
                key = program(mutant)
                if key not in seen:
                    seen.add(key)
                    found[mutant] = tool
    return found


def lost(kata: Kata, content: bytes, run: Run) -> str | None:
    """Return the first criterion that a submission loses, None if it loses none."""
    host = Host(levels.choose("process"), Source(kata.slug, content, SEED))
    try:
        examiner = Examiner(host, SEED, control=lambda _: True, shrink=False, drawn=run.drawn, keys=run.keys(kata))
        for criterion in kata.suite().criteria:
            outcome = examiner.examine(criterion)
            if outcome.outcome == "not_graded":  # doubt kills nothing
                print(f"{criterion.id} was not graded: {outcome.message}", flush=True)
            if outcome.outcome == "failed":
                return criterion.id
        return None
    finally:
        host.close()


def difference(source: str, mutant: str) -> str:
    """Return the lines that differ, with the number of the first."""
    lines = list(unified_diff(source.splitlines(), mutant.splitlines(), n=0, lineterm=""))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


def measure(kata: Kata) -> int:
    """Grade all mutants of a kata's reference, write what survived; return how much of it is not explained."""
    source = kata.reference.read_text("utf-8")
    record = kata.reference.with_name("mutants.toml")
    old = tomllib.loads(record.read_text("utf-8")) if record.exists() else {}
    why = {each["change"]: each["why"] for each in old.get("survivor", [])}
    run, survivors = Run("process", SEED), dict[str, str]()
    if lost(kata, source.encode(), run) is not None:
        raise SystemExit(f"{kata.reference} does not pass: mend it first")
    found = mutants(source)
    start = time.process_time()
    for number, (mutant, tool) in enumerate(found.items(), 1):
        if lost(kata, mutant.encode(), run) is None:
            change = difference(source, mutant)
            survivors[change] = why.get(change, "")
            print(f"survived, of {tool}:\n{change}", flush=True)
        if sys.stderr.isatty():
            print(f"{number}/{len(found)}", end="\r", file=sys.stderr)
    killed = len(found) - len(survivors)
    open_ = sum(not reason for reason in survivors.values())
    head = HEAD.format(slug=kata.slug)
    text = f"{head}\nreference = {json.dumps(hashlib.sha256(source.encode()).hexdigest())}\n"
    text += f"mutants = {len(found)}\nkilled = {killed}\n"
    for change, reason in survivors.items():
        shown = f"'''\n{change}'''" if "'''" not in change else json.dumps(change)
        text += f"\n[[survivor]]\nchange = {shown}\nwhy = {json.dumps(reason)}\n"
    record.write_text(text, "utf-8")
    print(f"{kata.slug}: {killed} of {len(found)} mutants killed, {len(survivors) - open_} explained, {open_} open")
    print(f"{time.process_time() - start:.0f} s of CPU here, without the workers; written to {record}")
    return open_


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    sys.exit(1 if sum(measure(kata) for kata in find(",".join(sys.argv[1:]))) else 0)
