"""Pages of what is said: the inbox and its wishes, letters, the ledger of a plan, its settings, the demonstration's clock."""
