"""The audit: reads what was written and proves, or refutes, that no small group's answers can be worked out from it.

It shares no code with the protection: it reads the survey with `surveys`, the reports as anybody would, and counts
anew.
"""
