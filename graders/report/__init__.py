"""LAYER 3. How score cards look: one file a form."""
