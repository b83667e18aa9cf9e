"""Pages of plans, imports, tasks and work items."""
