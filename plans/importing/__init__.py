"""From a plan's document to proposed tasks: `reading` (file → Document) and `understanding` (Document → Proposal).

Neither touches the database; `saving` does, after a person has looked.
"""
