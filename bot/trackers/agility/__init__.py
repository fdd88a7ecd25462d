"""Digital.ai Agility, once VersionOne: projects with epics, stories and defects."""
