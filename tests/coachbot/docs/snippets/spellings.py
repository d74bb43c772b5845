"""Phones as visitors type and paste them into a form, and what a snippet sends of each.

{} is a mobile number of the United Kingdom without its leading zero, which is the default country
of the workspace.
"""

LRE, PDF, ZWSP, BOM = "\u202a", "\u202c", "\u200b", "\ufeff"
SOFT_HYPHEN, JOINER = "\u00ad", "\u2060"

# What is typed, and what is sent: the same, without what cannot be seen.
UNDERSTOOD = (
    ("+44 {}", "+44 {}"),
    (f"{LRE}+44 {{}}{PDF}", "+44 {}"),  # pasted from Windows' contacts
    (f"{BOM}+44{ZWSP} {{}}", "+44 {}"),
    (f"+44{SOFT_HYPHEN}-{{}}{JOINER}\u200e\u200f\u2066\u2069\u061c\u180e", "+44-{}"),
    ("0{}", "0{}"),
    ("0044 {}", "0044 {}"),
    ("44{}", "44{}"),
    ("(+44) {}", "(+44) {}"),
    ("+44 (0){}", "+44 (0){}"),
    ("+44-0-{}", "+44-0-{}"),
    ("tel:+44-{}", "tel:+44-{}"),
    ("\uff0b44 {}", "\uff0b44 {}"),
    ("+\u0664\u0664 {}", "+\u0664\u0664 {}"),
    (" +44 {} ", " +44 {} "),
)
AMERICAN, AMERICAN_MEANS = "1 (415) 555-2600", "+14155552600"
# Which number is meant cannot be told: the visitor is told so, at the field.
REFUSED = ("+44 {} ext 5", "+44 {} (after 5pm)", "+44 {}, 2", "011 44 {}", "call me")
