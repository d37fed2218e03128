"""What a hidden suite is made of, and what a kata is."""
