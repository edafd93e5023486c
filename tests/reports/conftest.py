"""The content that the tests of the renderers share."""

import pytest
from example import example
from psafety.reports.content import ReportContent


@pytest.fixture(scope="session")
def content() -> ReportContent:
    """A small report with every kind of row, long names and hostile texts; frozen, so it is made once."""
    return example()
