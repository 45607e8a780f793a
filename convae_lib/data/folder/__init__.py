"""Images in files: a list of files of one size, or a whole folder of any.

`files` reads files that are named; `read` takes a folder as it is: `walking` finds its
files, `decoding` makes 8-bit images of them or says why not, `looking` does so with each
once, `splitting` tells the parts, `parts` reads them again a batch at a time, `stores` keeps
what was decoded, and `report` counts what happened.
"""
