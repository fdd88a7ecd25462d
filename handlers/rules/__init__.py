"""Rules that several features keep, each in one place: one file, one subject."""
