#!/usr/bin/env python3
"""Checks what the compiler does not: the layering, banned calls, and that the documents tell the truth.

usage: Tests/Tidy/tidy.py [ROOT]          prints each finding as path:line: rule: text; exit 1 if there is one
       Tests/Tidy/tidy.py --handwritten   prints the Swift files that no generator wrote, one a line
"""

import pathlib
import sys

import documents
import rules
from tree import Tree

RULES = [
    rules.table_points_down, rules.imports, rules.bans, rules.numbered_todos, rules.file_length, rules.no_foreign_paths,
    rules.top_level, documents.commands_exist, documents.links_exist, documents.reasons_are_listed,
    documents.tests_exist,
]


def findings(tree):
    """All findings of all rules, in the order of the files."""
    return sorted(finding for rule in RULES for finding in rule(tree))


def main(arguments):
    root = pathlib.Path(__file__).resolve().parents[2]
    if arguments == ["--handwritten"]:
        print("\n".join(file.path for file in Tree(root).handwritten_swift))
        return 0
    tree = Tree(arguments[0] if arguments else root)
    found = findings(tree)
    for path, line, rule, text in found:
        print(f"{path}:{line}: {rule}: {text}")
    print(f"tidy: {len(found)} findings in {len(tree.files)} files", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
