"""The facts of hashing that are asked anew: what Python makes of a Point, with no helper in between."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from random import Random

from graders import Fact
from graders.suites.hashing.inputs import CLAIMING, INF, LARGEST, STRANGERS, Coordinate, Pair

EQUAL: tuple[tuple[Pair, Pair], ...] = (
    ((1, 2), (1, 2)), ((1, 2), (1.0, 2.0)), ((2.0, 3.0), (2, 3)), ((0.0, 1), (-0.0, 1)), ((1, 0.0), (1, -0.0)),
    ((0, 0), (0, 0)),
)  # fmt: skip
DIFFERENT: tuple[tuple[Pair, Pair], ...] = (
    ((1, 2), (2, 1)), ((3, 0), (3, 7)), ((0, 3), (7, 3)), ((1, 2), (3, 4)),
    ((1, 2), (-1, 2)), ((1, 2), (1, -2)), ((1, 2), (-1, -2)),
)  # fmt: skip
# An infinite y would cost who calculates with both numbers, which is another criterion's.
INFINITE: tuple[tuple[Pair, Pair], ...] = (((INF, 1), (INF, 1)), ((INF, 0), (-INF, 0)), ((INF, 0), (INF, 1)))
CLOSE: tuple[tuple[Pair, Pair], ...] = (
    ((1, 0), (1.5, 0)), ((0, 1), (0, 1.5)), ((1, 1.0), (1, 1.0000000001)), ((0.1 + 0.2, 0), (0.3, 0)),
    ((-1, 0), (-2, 0)), ((0, -1), (0, -2)), ((1, 5), (2.0**61, 5)), ((1.01, 1.0), (1.0, 11.0)),
    ((LARGEST, 1), (LARGEST - 1, 1)), ((5e-324, 1), (0, 1)),
)  # fmt: skip
LARGE: tuple[tuple[Pair, Pair], ...] = (
    ((LARGEST - 1, 0), (LARGEST - 1.0, 0)), ((0, LARGEST - 1), (0, LARGEST - 1.0)),
    ((sys.float_info.max, 0), (sys.float_info.max, 0)),
)  # fmt: skip
PLAIN: tuple[object, ...] = (
    None, 1, 3, 1.0, "a", b"a", (), (1, 2), [1, 2], {1, 2}, {}, {"x": 1, "y": 2}, "Point(x=1, y=2)",
)  # fmt: skip
# Statements that change a coordinate, or try to.
CHANGES = (
    "$p.{0} = $value", "$p.{0} += $value", "$p.{0}, $other = $value, 0", "for $p.{0} in [$value]: pass",
    "[0 for $p.{0} in [$value]]", "setattr($p, '{0}', $value)", "del $p.{0}", "delattr($p, '{0}')",
    "$p.{0} -= $value", "($other, $p.{0}) = ($value, $value)", "$p.{0} = None",
    "class $other:\n    def __init__(self, p): p.{0} = $value\n$other($p)",
)  # fmt: skip
COPYING = (
    "from copy import copy as $module\n$q = $module($p)",
    "from copy import deepcopy as $module\n$q = $module($p)",
    "from pickle import dumps as $dumps, loads as $loads\n$q = $loads($dumps($p))",
)


def literal(number: Coordinate) -> str:
    """Return the source of a number."""
    return f"float('{number}')" if math.isinf(number) else repr(number)


def point(pair: Pair, kind: str = "Point") -> str:
    """Return the source of a point."""
    return f"{kind}({', '.join(map(literal, pair))})"


def drawn(draw: Random) -> Pair:
    """Return coordinates that any way of keeping numbers keeps: no zero, all different from those of the lists."""
    return draw.randrange(100, 10_000), -draw.randrange(100, 10_000)


def both_ways(pairs: tuple[Pair, Pair]) -> tuple[tuple[Pair, Pair], tuple[Pair, Pair]]:
    """Return two points in both orders."""
    return pairs, pairs[::-1]


def equality(draw: Random) -> Iterator[Fact]:
    """Yield which points are equal."""
    one, other = drawn(draw), drawn(draw)
    more = ((one, one), (one, other))
    for pairs in (*EQUAL, *DIFFERENT, *INFINITE, *more):
        p, q = draw.choice(both_ways(pairs))
        yield f"$p, $q = {point(p)}, {point(q)}\n$note($p == $q)\n$note($p != $q)", [p == q, p != q]
    own = "$p = {}\n$note($p == $p)\n$note($p != $p)"
    yield own.format(point(one)), [True, False]
    crowd = "$p = {0}\n$crowd = [Point(i, -4) for i in range(2000)]\n$note($p == {0})"
    yield crowd.format(point(one)), [True]


def exactness(draw: Random) -> Iterator[Fact]:
    """Yield which points are nearly equal; numbers that are not kept are another criterion's."""
    for pairs in CLOSE:
        p, q = draw.choice(both_ways(pairs))
        kept = f"($p.x, $p.y, $q.x, $q.y) == {(*p, *q)!r}"
        yield f"$p, $q = {point(p)}, {point(q)}\n$note({kept} and $p == $q)", [False]


def hashes(draw: Random) -> Iterator[Fact]:
    """Yield which points hash alike, and that a hash stays."""
    same, one, other = drawn(draw), drawn(draw), drawn(draw)
    for pairs in (*EQUAL, (same, same)):
        p, q = draw.choice(both_ways(pairs))
        # Both are kept alive: a class may have one object for all points that are equal, and hash its id.
        yield f"$p, $q = {point(p)}, {point(q)}\n$note(hash($p) == hash($q))", [True]
    for pairs in LARGE:
        # Numbers that are not kept are another criterion's.
        p, q = draw.choice(both_ways(pairs))
        alike = "hash($p) == hash($q) or ($p.x, $p.y) != ($q.x, $q.y)"
        yield f"$p, $q = {point(p)}, {point(q)}\n$note({alike})", [True]
    for way in COPYING:
        # Whether a copy can be made and is equal is another criterion's.
        copied = "\n".join(f"    {line}" for line in way.splitlines())
        made = f"$p = {point(same)}\ntry:\n{copied}\n    $equal = $q == $p\nexcept Exception: $equal = False\n"
        yield f"{made}$note(hash($q) == hash($p) if $equal is True else True)", [True]
    churn = "$rows = [(hash($p), i / 2, i * 1j) for i in range(2000)]\n$note(len({$row[0] for $row in $rows}))"
    yield f"$p = {point(one)}\n{churn}", [1]
    # Each is gone when the next is made, which may then get the same id.
    new = "$p, $q = {0}, {1}\n$found = [hash({0}), hash({1})]\n$note($found == [hash($p), hash($q)])"
    yield new.format(point(one), point(other)), [True]
    kept = "$p, $q = {0}, {0}\n$equal = $p == $q\nhash($p)\n$note(($p == $q) == $equal)"
    yield kept.format(point(same)), [True]


def strangers(draw: Random) -> Iterator[Fact]:
    """Yield what comparisons with something else give, and that the other side's answer comes back as it is."""
    three = "$note($p == $s)\n$note($p != $s)\n$note($p.__eq__($s) is NotImplemented)"
    for value in PLAIN:
        yield f"$p, $s = Point(1, 2), {value!r}\n{three}", [False, True, True]
    for name, statement in STRANGERS.items():
        made = f"{statement}\n$p = Point(1, 2)\n$s = {name if name == 'Point' else f'{name}()'}"
        yield f"{made}\n{three}", [False, True, True]
    for statement, *values in CLAIMING.values():
        name = statement.partition(" ")[2].partition(":")[0]
        made = f"{statement.replace('class ' + name.partition('(')[0], 'class $made', 1)}\n$p = {point(drawn(draw))}"
        yield f"{made}\n$s = $made({', '.join(map(repr, values))})\n$note($p == $s)\n$note($p != $s)", [True, False]
    says = draw.randrange(10**6)
    witness = f"class $made: __eq__ = lambda self, other: {says}"
    yield f"{witness}\n$p, $s = {point(drawn(draw))}, $made()\n$note($p == $s)", [says]


def immutability(draw: Random) -> Iterator[Fact]:
    """Yield that points can't be changed, nor their copies, where other objects can, and what they read back."""
    for change, kind in [(change, kind) for change in CHANGES for kind in ("Point", "$box")]:
        name, pair, value = draw.choice("xy"), drawn(draw), draw.randrange(10**6)
        made = f"$p = {point(pair, kind)}\n$value = {value}\n"
        if kind == "$box":
            made = f"class $box:\n    def __init__(self, x, y): self.x, self.y = x, y\n{made}"
        tried = "\n".join(f"    {line}" for line in change.format(name).splitlines())
        tried = f"try:\n{tried}\nexcept (AttributeError, TypeError): $note($value)\nelse: $note(-$value)"
        left = "$note(($p.x, $p.y))" if kind == "Point" else "$note($p is None)"
        yield f"{made}{tried}\n{left}", [value, pair] if kind == "Point" else [-value, False]
    for way in COPYING:
        # Whether a copy can be made is another criterion's.
        copied = "\n".join(f"    {line}" for line in way.splitlines())
        made = f"$p = {point(drawn(draw))}\ntry:\n{copied}\n    $q.x\nexcept Exception: $q = $p\n"
        for change in (f"$q.{draw.choice('xy')} = 3", f"del $q.{draw.choice('xy')}"):
            yield f"{made}try: {change}\nexcept (AttributeError, TypeError): $note(1)\nelse: $note(0)", [1]
    for pair in ((0.1, 2), (1, 0.1), (0.1 + 0.2, 1e-09), (LARGEST - 1, 1 - LARGEST), (5e-324, 0), (0, 5e-324)):
        yield f"$p = {point(pair)}\n$note($p.x == {literal(pair[0])} and $p.y == {literal(pair[1])})", [True]
    # Whether points can be hashed, and are equal, is another criterion's.
    pair, value = drawn(draw), draw.randrange(10**6)
    state = "try: ${0} = $p == $q, hash($p) == hash($p) and hash($p)\nexcept Exception: ${0} = None\n"
    tried = f"try: $p.label = {value}\nexcept Exception: pass\n"
    made = f"$p, $q = {point(pair)}, {point(pair)}\n{state.format('before')}{tried}{state.format('after')}"
    yield f"{made}$note($after == $before)\n$note(($p.x, $p.y))", [True, pair]
    number = draw.random()
    yield f"$p = {point((number, 2))}\n$note(type($p.x) in (int, float) and float($p.x))", [number]
    # Who refuses infinite numbers loses that elsewhere.
    for pair in ((0, INF), (INF, 0), (INF, -INF)):
        made = f"try: $p = {point(pair)}\nexcept Exception: $note(True)\n"
        yield f"{made}else: $note($p.x == {literal(pair[0])} and $p.y == {literal(pair[1])})", [True]


def spread(draw: Random) -> Iterator[Fact]:
    """Yield how many hashes there are at least, of the points and of what any class spreads better or worse."""
    grid = (
        "$points = [{} for $x in range(-20, 20) for $y in range(-20, 20)]\n$note(len(set(map(hash, $points))) >= 800)"
    )
    yield grid.format("Point($x, $y)"), [True]
    yield grid.format("$x + $y"), [False]
    yield grid.format("(($x, $y), 0)"), [True]


def families(draw: Random) -> Iterator[Fact]:
    """Yield that subclasses compare and hash alike on both sides, and that their copies are equal."""
    classes = "class $sub(Point): pass\nclass $another(Point): pass\n"
    for kind, other in (("Point", "$sub"), ("$sub", "Point"), ("$sub", "$another"), ("$sub", "$sub")):
        pair = drawn(draw)
        made = f"{classes}$p, $q = {point(pair, kind)}, {point(pair, other)}\n"
        yield f"{made}$note(($p == $q) is ($q == $p))", [True]
        # Whether points alone are equal, and hash alike, is another criterion's.
        points = f"$o, $also = {point(pair)}, {point(pair)}\n"
        alike = "hash($o) != hash($also) or not $p == $q or hash($p) == hash($q)"
        yield f"{made}{points}try: hash($o)\nexcept TypeError: $note(True)\nelse: $note({alike})", [True]
        if kind != "Point":
            yield f"{made}$note(isinstance($p, $sub))", [True]
        if kind == other:
            yield f"{made}{points}$note(not $o == $also or $p == $q)", [True]
    for way in COPYING[:2]:
        # Not every copy can be made; whether that of a point is equal is another criterion's.
        pair = drawn(draw)
        made = f"{classes}$p, $o = {point(pair, '$sub')}, {point(pair)}\n"
        both = f"{way}\n{way.replace('$q', '$c').replace('$p', '$o')}\n$found = $q == $p or not $c == $o"
        tried = "\n".join(f"    {line}" for line in both.splitlines())
        yield f"{made}try:\n{tried}\nexcept Exception: $found = True\n$note($found)", [True]


def copies(draw: Random) -> Iterator[Fact]:
    """Yield what a repr and a copy show."""
    for xy in ((1.5, -2.5), (0.5, -3.5), (draw.randrange(1, 99) + 0.5, -draw.randrange(1, 99) - 0.25)):
        yield f"$note(repr({point(xy)}))", ["Point(x={!r}, y={!r})".format(*xy)]
    # The first is kept alive: a class may have one object for all points that are equal.
    yield "$p = Point(1, 2)\nrepr($p)\n$q = Point(1.0, 2.0)\n$note(repr($q))", ["Point(x=1.0, y=2.0)"]
    yield "$p = Point(3.0, 4.0)\n$q = Point(3, 4)\nrepr($q)\n$note(repr($p))", ["Point(x=3.0, y=4.0)"]
    x, y = drawn(draw)
    yield f"$p = Point(y={y}, x={x})\n$note($p.x)\n$note($p.y)", [x, y]
    # Whether points made of the same numbers are equal is another criterion's.
    equal = f"$q, $o = {point((x, y))}, {point((x, y))}\n$note($p == $q or not $q == $o)"
    yield f"$p = Point(y={y}, x={x})\n{equal}", [True]
    for way in COPYING:
        x, y = drawn(draw)
        yield f"$p = {point((x, y))}\n{way}\n$note(type($q) is type($p))\n$note(($q.x, $q.y))", [True, (x, y)]
    # No copy that was pickled is the object itself, unless there is one object for each value.
    way = COPYING[-1]
    yield f"$p = {point((x, y))}\n{way}\n$note(($q is $p) is ({point((x, y))} is $p))", [True]
