"""Targets of tasks [chỉ tiêu]: `finding` them in the plan's words (pure), and the `figures` agencies have reported for them.

What a target is, and how one is added, changed and withdrawn, stands in `plans.models.target`.
"""
