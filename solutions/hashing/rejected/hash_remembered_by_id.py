"""Mistake: each hash is computed once and kept by id(self); once a point is gone, Python gives its id to another one.

Must fail: equal_points_hash_equal
May fail: points_never_change, hash_spreads, subclasses_stay_symmetric
"""

_hashes = {}


class Point:
    __slots__ = ("_pair",)

    def __init__(self, x, y):
        self._pair = x, y

    @property
    def x(self):
        return self._pair[0]

    @property
    def y(self):
        return self._pair[1]

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self._pair == other._pair

    def __hash__(self):
        key = id(self)
        if key not in _hashes:
            _hashes[key] = hash(self._pair)
        return _hashes[key]

    def __repr__(self):
        return "Point(x={!r}, y={!r})".format(*self._pair)
