"""Reading comparisons of waves, and holding them against what is known of each wave."""
