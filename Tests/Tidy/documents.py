"""Rules about documents: what they tell one to type exists. Each takes a Tree and yields (path, line, rule, text)."""

import pathlib
import re
import shlex

from rules import line_of

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
_SCRIPT = re.compile(r"^(?:\./)?((?:ops|\.ci|Tests|plugins|Sources|proto)/[\w./-]+)$")
# A reason stands before its French text, in an error or a violation: `"NOT_DRAFT", fr: …`, also as a choice of two.
_REASON = re.compile(r'"([A-Z][A-Z0-9_]{2,})"(?=\s*(?::\s*"[A-Z0-9_]+"\s*)?,\s*fr:)|\breason:\s*"([A-Z][A-Z0-9_]{2,})"')
_SWIFT_WORDS = {"build", "test", "run", "package", "format"}
_PREFIXES = {"sudo", "env", "exec", "time"}


def _documents(tree):
    return [file for file in tree.files if file.path.endswith(".md")]


def commands_exist(tree):
    """Commands in fenced `sh` and `console` blocks: make targets, our scripts, words of cordee."""
    targets = _make_targets(tree)
    words = _cordee_words(tree)
    for file in _documents(tree):
        for fence in _FENCE.finditer(file.text):
            if fence.group(1) not in ("sh", "console", "bash", "shell"):
                continue
            first = line_of(file.text, fence.start(2))
            for offset, command in _commands(fence.group(2), prompted=fence.group(1) == "console"):
                for text in _wrong(command, tree, targets, words):
                    yield file.path, first + offset, "command", text


def _commands(block, prompted):
    """(line offset, words) of each simple command in a block; in `console` blocks only lines after a `$ ` count."""
    pending, start = "", 0
    for offset, line in enumerate(block.split("\n")):
        if not pending:
            start = offset
            if prompted and not line.lstrip().startswith("$ "):
                continue
        line = line.lstrip().removeprefix("$ ")
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        text, pending = pending + line, ""
        lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:
            words = text.split()
        simple = []
        for word in words + [";"]:
            if word and set(word) <= set("();<>|&"):
                if simple:
                    yield start, simple
                simple = []
            elif simple or not (re.match(r"\w+=", word) or word in _PREFIXES):
                simple.append(word)


def _wrong(command, tree, targets, words):
    """What does not exist of one command."""
    program, arguments = command[0], command[1:]
    name = program.split("/")[-1]
    if name == "make":
        for target in arguments:
            if not target.startswith("-") and "=" not in target and target not in targets:
                yield f"the Makefile has no target {target}"
    elif name == "swift" and arguments[:1] and arguments[0] not in _SWIFT_WORDS:
        yield f"swift {arguments[0]} is no command of the toolchain"
    elif name == "cordee":
        named = [word for word in arguments if re.fullmatch(r"[a-z][a-z-]*", word)]
        if named and not arguments[0].startswith("-") and words and named[0] not in words:
            yield f"cordee has no command {named[0]}"
    for word in command:
        script = _SCRIPT.match(word)
        if script and "*" not in word and not (tree.root / script.group(1)).exists():
            yield f"{script.group(1)} does not exist"


def _make_targets(tree):
    makefile = tree.named("Makefile")
    lines = re.findall(r"^([\w-]+(?:\s+[\w-]+)*)\s*:(?!=)", makefile.text if makefile else "", re.MULTILINE)
    return {target for line in lines for target in line.split()}


def _cordee_words(tree):
    """The client's own commands, from its source, and the modules that the proto files declare."""
    words = {"help"}
    for file in tree.files:
        if file.path.startswith(("Sources/cordee/", "Sources/CordeeCLI/")) and file.is_swift:
            words.update(re.findall(r'(?:words:\s*|\.method\(\s*)\["([\w-]+)"', file.text))
        elif file.path.startswith("proto/cordee/") and file.path.endswith(".proto"):
            words.update(re.findall(r'option \(cordee\.api\.v1\.module\)\s*=\s*"([\w-]+)"', file.text))
    return words


def links_exist(tree):
    """A relative link of a document leads to a file or folder of the tree."""
    for file in _documents(tree):
        prose = _FENCE.sub(lambda fence: re.sub(r"[^\n]", " ", fence.group()), file.text)
        for match in _LINK.finditer(prose):
            target = match.group(1)
            if not re.match(r"\w+:", target) and not (tree.root / pathlib.Path(file.path).parent / target).exists():
                yield file.path, line_of(prose, match.start()), "link", f"{target} does not exist"


def reasons_are_listed(tree):
    """Each `reason` of an error is part of the protocol, so proto/README.md lists it."""
    listed = tree.named("proto/README.md")
    known = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", listed.text)) if listed else set()
    for file in tree.handwritten_swift:
        if file.room is None:
            continue
        for match in _REASON.finditer(file.text):
            reason = match.group(1) or match.group(2)
            if reason not in known:
                yield file.path, line_of(file.text, match.start()), "reason", f"{reason} is not in proto/README.md"


def tests_exist(tree):
    """A test that a document names, as `SuiteTests.function`, is there: a promise is not kept by a test of the past."""
    swift = [file for file in tree.files if file.path.startswith("Tests/") and file.is_swift]
    for document in _documents(tree):
        for match in re.finditer(r"`([A-Z]\w*Tests)\.(\w+)`", document.text):
            suite, function = match.groups()
            bodies = [file.text for file in swift if re.search(rf"\b(?:struct|extension) {suite}\b", file.text)]
            if not any(re.search(rf"\bfunc {function}\b", body) for body in bodies):
                yield document.path, line_of(document.text, match.start()), "test", f"there is no {suite}.{function}"
