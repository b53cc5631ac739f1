"""The files of a clone, and which room each Swift file belongs to."""

import fnmatch
import functools
import pathlib
import subprocess
import tomllib

import swift_text


class SourceFile:
    """One file of the tree, read once."""

    def __init__(self, root, path, generated):
        self.root, self.path, self.is_generated = root, path, generated

    @functools.cached_property
    def text(self):
        return (self.root / self.path).read_text(encoding="utf-8", errors="replace")

    @functools.cached_property
    def parts(self):
        """(code, comments) of a Swift file."""
        return swift_text.split(self.text)

    @property
    def is_swift(self):
        return self.path.endswith(".swift")

    @property
    def room(self):
        """The key of the file's line in rooms.toml; None for tests, the manifest and what is no source."""
        folders = self.path.split("/")[:-1]
        if folders[:1] == ["Sources"] and len(folders) > 1:
            return folders[1]
        if folders[:1] == ["plugins"] and len(folders) > 1:
            return "plugins/*/API" if folders[2:3] == ["API"] else "plugins/*"
        return None


class Tree:
    """What git would commit below `root`; without git, all files but build folders."""

    def __init__(self, root, rules=None):
        self.root = pathlib.Path(root).resolve()
        rules = rules or pathlib.Path(__file__).with_name("rooms.toml")
        self.rules = tomllib.loads(pathlib.Path(rules).read_text(encoding="utf-8"))
        generated = self.rules["generated"]["paths"]
        self.files = [
            SourceFile(self.root, path, any(fnmatch.fnmatch(path, pattern) for pattern in generated))
            for path in sorted(self._paths())
        ]

    def _paths(self):
        if (self.root / ".git").exists():
            # A clone that another user owns is read all the same: nothing of it is run.
            git = ["git", "-c", "safe.directory=*", "-C", str(self.root)]
            command = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
            listed = subprocess.run(command, check=True, capture_output=True).stdout.decode()
            paths = [path for path in listed.split("\0") if path]
        else:
            found = (path.relative_to(self.root) for path in self.root.rglob("*"))
            paths = [str(path) for path in found if not path.parts[0].startswith(".build")]
        return {path for path in paths if (self.root / path).is_file()}

    def named(self, path):
        return next((file for file in self.files if file.path == path), None)

    @property
    def swift(self):
        return [file for file in self.files if file.is_swift]

    @property
    def handwritten_swift(self):
        return [file for file in self.swift if not file.is_generated]
