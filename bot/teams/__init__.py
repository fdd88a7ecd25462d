"""Hone in Microsoft Teams: cards out, activities in. The only place that knows botbuilder."""
