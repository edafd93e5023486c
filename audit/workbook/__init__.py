"""Reading workbooks: their parts, then each kind of sheet."""
