"""Loads the grader's plugin for every pytest run in this folder."""

pytest_plugins = ["graders.plugin"]
