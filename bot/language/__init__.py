"""Words as people type them. Knows nothing of talks, flows or dangers.

text      fold(): one way to compare words, for everyone
rows      where strings stand in tables, without the strings
spelling  what a misspelt word most likely was, among the words that are known
vectors   what a word means, roughly: a table of numbers from a library
likeness  which of a set of labels a short text is most like, learnt from examples
"""
