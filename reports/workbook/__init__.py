"""Workbooks: the book and its styles, then the sheets of a report."""
