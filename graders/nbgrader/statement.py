"""Divides a kata's stub into the parts of a notebook: the statement, the code to complete, the examples."""

from __future__ import annotations

import ast
import doctest
import itertools
import re
from dataclasses import dataclass

from graders.authoring.catalogue import Kata
from graders.authoring.statement import HEADINGS

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


class Unfit(ValueError):
    """A kata's stub or reference can't become a notebook; the message says why."""


@dataclass(frozen=True)
class Parts:
    """The parts of a notebook. statement: Markdown; code: the stub without its docstring; examples: doctest."""

    title: str
    statement: str
    code: str
    examples: str


def parts(kata: Kata) -> Parts:
    """Return the parts of a kata's stub."""
    text = kata.stub.read_text("utf-8")
    tree = ast.parse(text)
    doc = ast.get_docstring(tree) or kata.slug
    after = tree.body[0].end_lineno if ast.get_docstring(tree) is not None else 0
    code = "\n".join(text.split("\n")[after:]).strip("\n")
    title, _, body = doc.partition("\n")
    return Parts(title, f"# {title}\n\n{_markdown(body)}", code, _examples(doc))


def _markdown(body: str) -> str:
    """Return plain text as Markdown: prose unchanged, text with a layout of its own as code blocks."""
    body = re.sub(r"^:(\w+): ", r"- \1: ", body, flags=re.MULTILINE)  # the fields of the head are a list
    body = re.sub(rf"^({'|'.join(HEADINGS)})$", lambda found: f"\n## {found[1][:-1]}\n", body, flags=re.MULTILINE)
    blocks = re.split(r"\n{2,}", body.strip("\n"))
    out = []
    for laid_out, group in itertools.groupby(blocks, key=lambda block: "\n " in f"\n{block}"):
        together = "\n\n".join(group)
        out.append(f"~~~text\n{together}\n~~~" if laid_out else together)
    return "\n\n".join(out)


def _examples(doc: str) -> str:
    """Return the examples of a statement, in order."""
    found = doctest.DocTestParser().get_examples(doc)
    lines = []
    for example in found:
        first, *more = example.source.rstrip("\n").split("\n")
        lines += [f">>> {first}", *(f"... {line}".rstrip() for line in more)]
        lines += example.want.rstrip("\n").split("\n") if example.want else []
    return "\n".join(lines)


def with_solution(kata: Kata, code: str) -> str:
    """Return the stub's code with the reference between nbgrader's marks, in place of its last TODO.

    nbgrader puts "YOUR CODE HERE" in place of the marks, so the release is the stub again. Between them is the whole
    reference, which redefines every name.

    Raises:
        Unfit: the stub has nothing to complete, or the two together are not Python.
    """
    lines = code.split("\n")
    todo = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Raise) and ast.unparse(node).startswith("raise NotImplementedError")
    ]
    if not todo:
        raise Unfit(f"{kata.stub}: nothing raises NotImplementedError, so there is nothing to complete")
    last = max(todo, key=lambda node: node.lineno)
    first = last.lineno - 1
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    indent = " " * last.col_offset
    tree = ast.parse(reference := kata.reference.read_text("utf-8"))
    after = tree.body[0].end_lineno if ast.get_docstring(tree) is not None else 0
    solution = "\n".join(reference.split("\n")[after:]).strip("\n")
    if BEGIN in solution or END in solution or BEGIN in code or END in code:
        raise Unfit(f"{kata.reference} or {kata.stub} holds nbgrader's own marks, {BEGIN} and {END}")
    region = [f"{indent}{BEGIN}", f"{indent}raise NotImplementedError", "", "", solution, f"{indent}{END}"]
    whole = "\n".join([*lines[:first], *region, *lines[last.end_lineno or last.lineno :]])
    try:
        compile(whole, kata.slug, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise Unfit(f"{kata.reference} put at the end of {kata.stub} is no Python: {error}") from error
    return whole
