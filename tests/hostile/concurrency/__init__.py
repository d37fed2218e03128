"""Submissions that attack the verdicts on concurrency. A docstring says what is tried, for which kata, and what must fail."""
