"""How large request bodies may be, in bytes."""

# No endpoint takes more, so nothing beyond this is read of a body without a length.
LARGEST_BODY = 5 * 1024 * 1024
# Of a page's form: the largest thing in most is a text, in one a logo of 200 kB.
LARGEST_FORM = 256 * 1024
# Of one with a file, in memory; Django's own bound on these is 2.5 MiB.
LARGEST_UPLOAD = 2 * 1024 * 1024
