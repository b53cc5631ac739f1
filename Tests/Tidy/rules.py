"""Rules about code and folders. Each takes a Tree and yields (path, line, rule, text)."""

import fnmatch
import re

_IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|let|var|typealias|actor)\s+)?(\w+)",
    re.MULTILINE,
)
_BANNED_MODULES = {
    "Foundation": "import FoundationEssentials, and only where it is needed",
    "Dispatch": "threads and timers come from Threading and EventLoop",
    "XCTest": "tests are written with Swift Testing",
}
_TODO = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\s*\(#\d+\))")
_HOMES = re.compile(r"(?<![\w.])/(?:home|Users|root|opt|mnt)/\w|\.\./shared\b")
_SYSTEM_FOLDERS = {"usr", "etc", "var", "run", "tmp", "proc", "dev", "sys", "bin", "lib", "srv"}
_TEXT = (".swift", ".py", ".sh", ".md", ".c", ".h", ".proto", ".toml", ".yaml", ".yml", ".json", ".go", ".service")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def table_points_down(tree):
    """A line of the table names only rooms above it: then no cycle and no upward import can be allowed."""
    table, seen = tree.rules["imports"], set()
    for room, allowed in table.items():
        for name in allowed:
            if name in table and name not in seen:
                yield "Tests/Tidy/rooms.toml", 1, "table", f"{room} may not name {name}: its line is not above"
        seen.add(room)


def imports(tree):
    """Each import is allowed by the line of its room."""
    table, system = tree.rules["imports"], tree.rules["system"]
    # The target of plugins/Workshops is WorkshopsModule.
    modules = {file.path.split("/")[1] + "Module" for file in tree.files if file.room == "plugins/*" and file.path.count("/") > 1}
    for file in tree.swift:
        if file.path == "Package.swift":
            continue
        for match in _IMPORT.finditer(file.parts[0]):
            name, line = match.group(1), line_of(file.text, match.start(1))
            if file.is_generated and name in ("Foundation", "FoundationEssentials"):
                continue  # protoc-gen-swift writes both, behind canImport; FoundationEssentials is what compiles
            if name in _BANNED_MODULES:
                yield file.path, line, "import", f"{name}: {_BANNED_MODULES[name]}"
                continue
            if file.room is None or name in system["everywhere"]:
                continue
            if file.room not in table:
                yield file.path, line, "import", f"the room {file.room} has no line in Tests/Tidy/rooms.toml"
            elif not _is_allowed(name, file.room, table[file.room], system, modules):
                yield file.path, line, "import", f"{file.room} may not import {name} (Tests/Tidy/rooms.toml)"


def _is_allowed(name, room, allowed, system, modules):
    if name in system["above"]:
        return room in system["above_rooms"]
    if name in modules:
        return "plugins/*" in allowed
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in allowed)


def bans(tree):
    """No banned call, by the [[ban]] tables."""
    for ban in tree.rules["ban"]:
        pattern = re.compile(ban["pattern"], re.MULTILINE)
        for file in tree.handwritten_swift:
            if not _holds(ban, file):
                continue
            for match in pattern.finditer(file.parts[0]):
                line = line_of(file.text, match.start())
                if not (ban.get("proof") and _has_proof(file, line)):
                    yield file.path, line, ban["name"], ban["why"]


def _holds(ban, file):
    places = {file.room, file.path, file.path.split("/")[0]}
    rooms = ban.get("rooms")
    return (rooms is None or bool(places & set(rooms))) and not places & set(ban.get("except", []))


def _has_proof(file, line):
    near = file.parts[1].split("\n")[max(0, line - 9):line]
    return any(re.search(r"\b(Proof|Reason):\s*\S", text) for text in near)


def numbered_todos(tree):
    """`TODO(#12)` names who will remember it; a bare one is forgotten."""
    for file in tree.files:
        if file.is_generated or not file.path.endswith((".swift", ".py", ".sh", ".proto", ".c", ".h")):
            continue
        text = file.parts[1] if file.is_swift else file.text
        if not file.path.startswith("Tests/Tidy/"):
            for match in _TODO.finditer(text):
                yield file.path, line_of(text, match.start()), "todo", "name the issue: TODO(#12)"


def file_length(tree):
    """A file of one idea is short."""
    limit = tree.rules["limits"]["file_lines"]
    for file in tree.files:
        if not file.is_generated and file.path.endswith((".swift", ".py", ".sh", ".c", ".h")):
            lines = file.text.count("\n")
            if lines > limit:
                yield file.path, limit, "length", f"{lines} lines, at most {limit}: which two ideas are in it?"


def no_foreign_paths(tree):
    """Nothing names the machine that it was written on: a home folder, or the place of this clone."""
    first = tree.root.parts[1] if len(tree.root.parts) > 1 else ""
    here = [str(tree.root)] + ([f"/{first}"] if first not in _SYSTEM_FOLDERS | {""} else [])
    pattern = re.compile("|".join([_HOMES.pattern] + [r"(?<![\w.])" + re.escape(place) + r"\b" for place in here]))
    for file in tree.files:
        is_text = file.path.endswith(_TEXT) or "." not in file.path.split("/")[-1]
        if is_text and not file.path.startswith(("Tests/Tidy/", "Tests/Fixtures/")) and not file.is_generated:
            for match in pattern.finditer(file.text):
                yield file.path, line_of(file.text, match.start()), "path", f"{match.group()} is of one machine only"


def top_level(tree):
    """The top level is a map of few words."""
    allowed = set(tree.rules["top_level"]["entries"])
    for entry in sorted({file.path.split("/")[0] for file in tree.files}):
        if entry not in allowed and not entry.startswith("."):
            yield entry, 1, "top-level", "not one of the entries in Tests/Tidy/rooms.toml"
