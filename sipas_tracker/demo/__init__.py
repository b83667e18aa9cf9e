"""The sample data: plan 82/KH-UBND of Vĩnh Phúc, its register of 2024, accounts, and some weeks of plausible work.

The plan comes in through the product's own importer from the Word file beside this one; every step of the story goes
through the same verbs that people use.
"""
