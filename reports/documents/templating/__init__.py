"""An office's own Word template: what may stand in it, how it is checked, and how a document is made from it.

A template is a .docx whose words hold `{{ ten_bien }}` and `{% for … %}` (Jinja, through docxtpl). It comes from outside
and is never trusted: `rules` lets only names, fields, conditions and loops over known lists through; `child` reads and
renders it in a process without network, files or much memory; `variables` is the one list of what may be asked for.
"""
