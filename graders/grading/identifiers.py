"""The names in a piece of source: those that it binds and those that it needs."""

from __future__ import annotations

import functools
import symtable


@functools.lru_cache(1024)
def bound(source: str) -> frozenset[str]:
    """Return the names that statements bind in the namespace where they run; none if they are not Python."""
    table = _table(source)
    if table is None:
        return frozenset()
    return frozenset(each.get_name() for each in table.get_symbols() if each.is_assigned() or each.is_imported())


@functools.lru_cache(1024)
def used(source: str) -> frozenset[str]:
    """Return the names that statements, and the functions in them, look up in the namespace where they run."""
    table = _table(source)
    return frozenset() if table is None else frozenset(_looked_up(table, top=True))


def _looked_up(table: symtable.SymbolTable, *, top: bool) -> set[str]:
    found = {each.get_name() for each in table.get_symbols() if each.is_referenced() and (top or each.is_global())}
    return found.union(*(_looked_up(child, top=False) for child in table.get_children()))


def _table(source: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(source, "<shown>", "exec")
    except (SyntaxError, ValueError):
        return None
