"""The parts of a kata, and the tools for writing its hidden suite."""
