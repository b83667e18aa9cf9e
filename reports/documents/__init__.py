"""Documents made from frozen rows."""
