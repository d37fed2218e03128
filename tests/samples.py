"""Submissions that more than one test loads."""

from __future__ import annotations

# Writes to the socket by itself: any submission can find it.
FORGE = """
import os, socket, stat, struct, sys, threading

def channel():
    # The way to the examiner is among the descriptors: any submission can find it.
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return socket.socket(fileno=os.dup(number))
        except OSError:
            pass

def asked():
    frame = sys._getframe()
    while "number" not in frame.f_locals or "payload" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["number"]

NONE = b"t\\0\\0\\0\\2s\\0\\0\\0\\5valueN"

def frame(number, payload=NONE, length=None):
    return struct.pack(">IQ", len(payload) if length is None else length, number) + payload

def fine():
    return 7

def send(text):
    channel().sendall(eval(text))
    return 7
"""


# Classes with every operator that a handle forwards.
OBJECTS = """
class Box:
    kind = "box"
    def __init__(self, value, *, label="none"):
        self.value, self.label = value, label
    def __eq__(self, other): return isinstance(other, Box) and self.value == other.value
    def __hash__(self): return hash(self.value)
    def __lt__(self, other): return self.value < other.value
    def __le__(self, other): return self.value <= other.value
    def __gt__(self, other): return self.value > other.value
    def __ge__(self, other): return self.value >= other.value
    def __add__(self, other): return Box(self.value + other.value)
    def __sub__(self, other): return self.value - other.value
    def __mul__(self, other): return self.value * other.value
    def __truediv__(self, other): return self.value / other.value
    def __floordiv__(self, other): return self.value // other.value
    def __mod__(self, other): return self.value % other.value
    def __pow__(self, other): return self.value ** other.value
    def __and__(self, other): return self.value & other.value
    def __or__(self, other): return self.value | other.value
    def __xor__(self, other): return self.value ^ other.value
    def __neg__(self): return -self.value
    def __abs__(self): return abs(self.value)
    def __repr__(self): return f"Box({self.value})"
    def get(self, plus=0): return self.value + plus
    def itself(self): return self
    def fail(self): raise ValueError("no")
    @property
    def double(self): return self.value * 2
    @classmethod
    def make(cls, value): return cls(value)
    @staticmethod
    def zero(): return 0

class Shelf:
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, at): return self.items[at]
    def __setitem__(self, at, item): self.items[at] = item
    def __delitem__(self, at): del self.items[at]
    def __contains__(self, item): return item in self.items
    def __iter__(self): return iter(self.items)
    def __call__(self, item): self.items.append(item); return len(self.items)

class Plain: pass
class Negative:
    def __len__(self): return 5
    def __hash__(self): return 5

def pair(): return Box(1), [Box(2), {"k": Box(3)}]
def same(one, other): return one is other
def value_of(box): return box.value
def forever():
    while True: yield 1
def three(): yield from (1, 2, 3)
def inc(number): return number + 1
"""
