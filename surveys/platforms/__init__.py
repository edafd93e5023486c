"""The survey platforms, each in a small file: how to recognise its exports, and what their columns are."""
