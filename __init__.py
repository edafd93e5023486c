"""psafety: reports on psychological safety in teams, without giving away what one person answered."""
