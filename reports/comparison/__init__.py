"""Two and more waves set against each other: what is said of them, then each format."""
