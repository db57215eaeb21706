"""The effective requirement: what a statement does to a patient for whom its words hold.

Each row is required, forbidden, permitted or only described. How that is decided, in this order:

1. `scopes`: which of the cues in its clause govern a limit or a mention.
2. `statements`: the design's table, from section and cues to a requirement (READING's rule 14).
3. `descriptions`: what only says who or what is meant (rule 15).
4. `provisos`: what must hold nevertheless, of the permitted or of the forbidden.
5. `permissions`: treatments and conditions that a patient may have had, not must (rule 13).
6. `exceptions`: what an exception or a permission lifts (rule 12), of all in front what `kinship` finds most akin.
7. `limits`: what a limit takes from what it narrows, and what it defines (rules 8, 12, 15); `times` of those that are
   windows or durations (rules 7, 13). Both look at a `Case`: a limit in its surroundings.

Rules 9 to 11, groups, are `logic.py`'s; rule 17, numbers that only tell when another one holds, is `narrowing.py`'s.
"""
