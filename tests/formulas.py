"""The formulas of a workbook, for tests that ask whether a name or a comment became one."""

import io
import re
import zipfile


def formulas(book: bytes) -> list[str]:
    """Every formula of a workbook, sorted, without the results that are kept beside them."""
    parts = zipfile.ZipFile(io.BytesIO(book))
    sheets = (parts.read(name).decode() for name in parts.namelist() if "/sheet" in name)
    return sorted(found for sheet in sheets for found in re.findall(r"<f\b[^>]*>(.*?)</f>", sheet, re.DOTALL))
