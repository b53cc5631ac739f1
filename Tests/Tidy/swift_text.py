"""Swift source as tidy reads it: code without comments and strings, and the comments alone."""

import re

_OPENER = re.compile(r'//|/\*|#*"')


def split(text):
    """Returns (code, comments): two texts of the same lines, each with the other's characters blanked.

    Strings are blanked in both, interpolations included.
    """
    code, comments, position = [], [], 0
    while match := _OPENER.search(text, position):
        start = match.start()
        if match.group() == "//":
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
        elif match.group() == "/*":
            end = _comment_end(text, start)
        else:
            end = _string_end(text, start, match.end())
        piece = text[start:end]
        code += [text[position:start], _blank(piece)]
        comments += [_blank(text[position:start]), piece if piece.startswith("/") else _blank(piece)]
        position = end
    code.append(text[position:])
    comments.append(_blank(text[position:]))
    return "".join(code), "".join(comments)


def _blank(piece):
    return re.sub(r"[^\n]", " ", piece)


def _comment_end(text, start):
    """Block comments nest in Swift."""
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def _string_end(text, start, quote_end):
    """The end of the string literal that starts at `start`: plain, raw or of several lines."""
    hashes = "#" * (quote_end - 1 - start)
    quote = '"""' if text.startswith('"""', quote_end - 1) else '"'
    closing, escape = quote + hashes, "\\" + hashes
    position = quote_end - 1 + len(quote)
    while position < len(text):
        if text.startswith(escape, position):
            position += len(escape)
            position = _interpolation_end(text, position) if text.startswith("(", position) else position + 1
        elif text.startswith(closing, position):
            return position + len(closing)
        elif quote == '"' and text[position] == "\n":
            return position  # unterminated: the compiler says it better
        else:
            position += 1
    return len(text)


def _interpolation_end(text, position):
    """The position after the parenthesis that closes the one at `position`; strings inside may hold any."""
    depth = 0
    while position < len(text):
        match = re.compile(r'[()]|#*"').search(text, position)
        if not match:
            return len(text)
        if match.group() in "()":
            depth += 1 if match.group() == "(" else -1
            position = match.end()
            if depth == 0:
                return position
        else:
            position = _string_end(text, match.start(), match.end())
    return position
