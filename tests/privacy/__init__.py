"""Files full of made-up pupils and staff, files that only look so, and how many of each are told apart.

    people     made-up persons: names of several peoples, dates, numbers, in the spellings of schools
    registers  what schools keep about them, as tables: 22 kinds
    lessons    what a library must keep: writers, tables of marks, exam plans, five made-up pupils
    layouts    a table or a text as a PDF, or as the document that a reader of another format gives

Seeds below 1,000 are for tuning, the others for the figures that the tests
assert: `python -m tests.privacy SEED COUNT` prints what went wrong.
"""
