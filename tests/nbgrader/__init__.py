"""Tests of katas in nbgrader; they need nbgrader: pip install -e ".[nbgrader]"."""
