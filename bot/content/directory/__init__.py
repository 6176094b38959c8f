"""Resource directories that others keep: in and out as Open Referral HSDS.

Read in this order:

- shelf.py   what was imported, a line a resource, as it lies in knowledge/directories/
- tables.py  a path to rows: JSON or CSV, any version, each row with its place and what came of it
- tidy.py    texts, numbers, dates and hours as people left them, made plain
- links.py   which rows point to which
- topics.py  which of our topics a service is about, by knowledge/directories/topics.yaml
- whereabouts.py  where a service is, when, and by which number it is reached
- own.py     what a service that once was ours says of itself
- taking.py  rows to resources: `take` is the door in
- giving.py  resources to HSDS 3.0, JSON or tabular: `give` is the door out

shelf.py and giving.py need nothing beyond the program itself; the rest needs the `hsds` extra.
"""
