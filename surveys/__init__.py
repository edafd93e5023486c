"""Files in, checked responses out."""
