"""Findings in, files out."""
