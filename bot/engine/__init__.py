"""The engine: words in, words out. Nothing here reads a clock, a disk or a network.

How words are compared and read is one floor below (bot/language). Read it in this order, in an hour:

    model         the nouns
    guard         does this message alarm us?
    net           phrases found inside messages, all of them at once
    typed         what was typed to a number, a command, one of the choices here
    matcher       free text to a topic
    finder        resources for this person
    wording       their language, the blanks filled in
    screens       the crisis words nobody can edit by accident
    house         the few other words that are the program's own
    content       everything respond() may say, as one frozen value
    walk          move and speak: follow the steps, gather what is said
    conversation  respond(): guard, place, match, and the walk
    plain         a reply as lines of text
"""
