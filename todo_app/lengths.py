"""How many characters what people write may have: in the tables, at the API and in the pages' fields."""

TITLE = 200
NOTES = 20_000
NAME = 100  # of a person, a project, a section, a filter, a passkey
LABEL = 60
DESCRIPTION = 2000
FILTER = 1000
SEARCH = 200
EMAIL = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
KEY = 100  # by which the browser tells what it sent twice
