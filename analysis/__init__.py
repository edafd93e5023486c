"""Responses in, findings out; nothing unpublished leaves this folder."""
