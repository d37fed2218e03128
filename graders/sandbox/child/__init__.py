"""UNTRUSTED. What runs beside a submission, shipped whole; it needs the standard library only."""
