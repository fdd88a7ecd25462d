"""The one reader of what people type: moments, days, spans, zones, tags, options and names.

Every command, form and plain sentence reads with it. What it understands is the same everywhere;
what it does not understand it hands back as an offer, and never guesses.
"""
