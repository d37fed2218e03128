"""Submissions that attack the verdicts on concurrency.

A docstring says what is tried, for which kata, what must fail, and the mark by which the test sees that it took place.
"""
