"""The annex that is filled offline [phụ lục Excel để điền ngoại tuyến]: an agency's open work of a plan as a workbook and back.

`writing` (work → workbook) → a person fills it in, sorts, filters, removes or adds lines → `reading` (workbook → rows; no
database) → `comparing` (rows beside what stands now) → a person chooses → `applying` (a verb a row). `annex` is what both
ways agree on. Rows are known by their code and the workbook's hidden sheet, never by where they stand.
"""
