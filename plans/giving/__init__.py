"""Giving work on, once a plan is under way: a wrongly given task is declined and decided about, an item is broken down.

`declining` (the agency, then the plan's coordinator) and `breaking_down` (the agency, for its units) both end in `making`:
items that the plan document did not give, or that are asked for again. The leader's approval and directives are verbs of
`plans.models.work`.
"""
