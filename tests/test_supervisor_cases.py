"""The cases of supervisor_config: what each one teaches, and what excuses a solution from it."""

from __future__ import annotations

import pytest

from graders.suites.supervisor_config import inputs, oracle
from graders.suites.supervisor_config.inputs.writing import Case

DIRECTED = {name: getattr(inputs, name) for name in inputs.__all__ if name.isupper()}
CASES = [case for name in DIRECTED if name != "KEPT" for case in DIRECTED[name]]


def asked(case: Case) -> tuple[str, str, str]:
    """Return what a submission is asked."""
    return case.text, str(case.env), case.here


def test_a_case_that_excuses_from_another_is_asked_itself() -> None:
    """Or a mistake that fails it would be graded nowhere."""
    every = {asked(case) for case in CASES}
    simpler = {asked(case.simpler) for case in CASES if case.simpler is not None}

    assert simpler
    assert simpler - every == set()


def test_each_case_teaches_a_rule_in_one_line_with_hints() -> None:
    """Of the section from the question, the whole is for the principle of its criterion."""
    without = [case for case in CASES if case.lesson is None]
    lessons = {case.lesson for case in CASES if case.lesson is not None}

    assert all(case in inputs.SEED_DIRECTED for case in without)
    for lesson in lessons:
        assert lesson.hints, lesson.principle
        for text in (lesson.principle, *lesson.hints):
            assert text.endswith((".", "?")), text
            assert "\n" not in text, text


@pytest.mark.parametrize("word", ["true", "unexpected"])
def test_a_boolean_is_asked_in_every_case_in_which_it_is_drawn(word: str) -> None:
    """So no verdict hangs on the seed."""
    texts = {case.text for case in inputs.TYPED_DIRECTED}
    for form in (word, word.upper(), word.title(), "".join(c.upper() if at % 2 else c for at, c in enumerate(word))):
        assert f"[program:w]\ncommand=/bin/x\nautorestart={form}\n" in texts


def test_every_fault_that_is_known_is_refused_by_the_oracle() -> None:
    """A case that is to be refused says why supervisord does so."""
    refused = [oracle.read(case.oracle_text, case.env, case.here) for case in CASES]
    assert sum(isinstance(each, oracle.Refused) for each in refused) > 250
