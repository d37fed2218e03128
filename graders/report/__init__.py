"""How score cards look: one file a form."""
