"""Tests of graders/concurrency."""
