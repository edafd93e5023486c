"""What axe-core finds in a page of the tests: WCAG 2.2 AA and its own advice.

Most of its time goes into contrasts. Those are the same in every language and on every screen, so each file of tests
looks at them once in the light and once in the dark.
"""

from collections.abc import Sequence
from typing import Any

import pytest

CONTRAST = ("color-contrast",)
TOUCH = ("target-size", "scrollable-region-focusable", "meta-viewport")
RULES = {"light": (), "dark": CONTRAST, "phone": TOUCH}  # by mode; none named: all


def violations(page: Any, *, only: Sequence[str] = (), without: Sequence[str] = ()) -> list[tuple[str, list[str]]]:
    """The rules of axe that a page breaks, and where; the insides of charts are pictures with a name.

    The page's own policy must be switched off (`bypass_csp`), or axe be there from the start (`add_init_script`).
    """
    source = pytest.importorskip("axe_playwright_python.base").AXE_SCRIPT
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(source)
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in without}}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    found = page.evaluate("(options) => axe.run({ exclude: ['.chart'] }, options)", options)
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]
