"""Disclosure control: what may be published so that no small group can be worked out."""
