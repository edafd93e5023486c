"""The pages of teams and units, their index, and the sheet for whoever leads the talk."""
