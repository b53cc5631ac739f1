"""Each rule of tidy finds a seeded fault, at its line, and leaves its sound counterpart alone."""

import pathlib
import tempfile
import unittest

import swift_text
import tidy
from tree import Tree


def found(files):
    """{(path, line, rule)} in a tree of the given files."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            place = pathlib.Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return {(path, line, rule) for path, line, rule, _ in tidy.findings(Tree(folder))}


MODULES = {"plugins/Workshops/WorkshopsModule.swift": "", "plugins/Directory/DirectoryModule.swift": ""}


class Layering(unittest.TestCase):
    def assertImports(self, path, good, bad):
        """`good` and `bad` are names of modules, apart by spaces."""
        for name in good.split():
            self.assertEqual(found({**MODULES, path: f"public import {name}\n"}), set(), f"{path} imports {name}")
        for name in bad.split():
            expected = {(path, 2, "import")}
            self.assertEqual(found({**MODULES, path: f"// why\nimport {name}\n"}), expected, f"{path} imports {name}")

    def test_a_room_imports_only_what_its_line_names(self):
        self.assertImports("Sources/Wire/A.swift", "CWire CProtobufC", "EventLoop RPC FoundationEssentials")
        self.assertImports("Sources/Store/A.swift", "CSQLite Synchronization", "RPC CUV Wire")
        self.assertImports("Sources/RPC/Server/A.swift", "Wire EventLoop", "Store ModuleKit CUV")
        self.assertImports("Sources/ModuleKit/A.swift", "Store FoundationEssentials", "Daemon EventLoop WorkshopsModule")

    def test_a_module_imports_messages_of_others_but_no_module(self):
        path = "plugins/Workshops/Methods/A.swift"
        self.assertImports(path, "ModuleKit DirectoryAPI WorkshopsAPI", "DirectoryModule Daemon EventLoop CSQLite")

    def test_messages_know_no_module_and_no_store(self):
        self.assertImports("plugins/Workshops/API/A.swift", "RPC SwiftProtobuf", "ModuleKit WorkshopsModule Store")

    def test_only_cordeed_names_modules(self):
        self.assertImports("Sources/cordeed/Modules.swift", "WorkshopsModule Daemon", "CSQLite")
        self.assertImports("Sources/Daemon/A.swift", "Store RPC", "WorkshopsModule cordeed")
        self.assertImports("Sources/CordeeCLI/A.swift", "RPC", "Store ModuleKit WorkshopsModule WorkshopsAPI")

    def test_every_way_to_write_an_import_is_seen(self):
        path = "Sources/Wire/A.swift"
        for spelling in ["@testable import RPC", "@preconcurrency public import RPC", "import struct RPC.Status"]:
            self.assertEqual(found({path: f"{spelling}\n"}), {(path, 1, "import")}, spelling)

    def test_full_foundation_and_dispatch_are_nowhere(self):
        for name in ["Foundation", "Dispatch", "XCTest"]:
            for path in ["Tests/WireTests/A.swift", "Sources/cordee/A.swift"]:
                self.assertEqual(found({path: f"import {name}\n"}), {(path, 1, "import")})

    def test_a_room_without_a_line_is_refused(self):
        path = "Sources/Helpers/A.swift"
        self.assertEqual(found({path: "import Wire\n"}), {(path, 1, "import")})

    def test_a_table_that_points_up_is_refused(self):
        rules = pathlib.Path(__file__).with_name("rooms.toml").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            upside_down = pathlib.Path(folder, "rooms.toml")
            upside_down.write_text(rules.replace('Calendar           = [', 'Calendar = ["RPC", ', 1), encoding="utf-8")
            tree = Tree(pathlib.Path(folder, "empty"), upside_down)
            self.assertEqual([finding[2] for finding in tidy.findings(tree)], ["table"])


class Bans(unittest.TestCase):
    def assertBanned(self, rule, path, bad, good=()):
        for code in bad:
            self.assertEqual(found({path: f"\n{code}\n"}), {(path, 2, rule)}, code)
        for code in good:
            self.assertEqual(found({path: f"\n{code}\n"}), set(), code)

    def test_tasks_that_leave_the_loop(self):
        bad = ["Task { work() }", "Task.detached { }", "Task(priority: .low) {", "let t = Task<Void, Never> {"]
        good = ["Task.immediate(executorPreference: loop) {}", "/// Not `Task {}`.", "func f() -> Task<Void, Never> {"]
        for path in ["Sources/RPC/A.swift", "Sources/Daemon/B/A.swift", "plugins/Workshops/A.swift"]:
            self.assertBanned("leaves-the-loop", path, bad, good)
        self.assertBanned("", "Tests/RPCTests/A.swift", [], bad)

    def test_sleeping_is_banned_in_tests_too_but_not_the_timer_of_a_loop(self):
        bad = ["try await Task.sleep(for: hold)", "usleep(10)", "Thread.sleep(1)", "sleep(1)", "nanosleep(&t, nil)"]
        for path in ["Sources/Store/A.swift", "Tests/StoreTests/A.swift"]:
            self.assertBanned("sleep", path, bad, ["try await loop.sleep(for: hold)", 'let word = "sleep(1)"'])

    def test_traps_need_a_proof(self):
        self.assertBanned("traps", "Sources/Wire/A.swift", ["try! f()", 'fatalError("no")', "fatalError()"])
        proven = ["// Proof: the literal is valid.\ntry! f()", "try! f()  // Proof: a constant."]
        self.assertBanned("traps", "Sources/Wire/A.swift", [], proven)

    def test_unsafe_lives_in_the_lowest_rooms(self):
        bad = ["class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1", "let a = unsafe f()", "unsafe (a, b)"]
        self.assertBanned("unsafe", "plugins/Workshops/A.swift", bad, ["let unsafe = 1", "// unsafe f()"])
        self.assertBanned("", "Sources/Store/A.swift", [], ["let a = unsafe f()"])
        self.assertBanned("unproven", "Sources/Store/A.swift", bad[:2], ["// Proof: one thread.\n" + bad[0]])

    def test_domain_code_reads_no_clock(self):
        bad = ["let now = Date()", "let now = ContinuousClock.now"]
        self.assertBanned("clock", "plugins/Workshops/A.swift", bad, ["let now = call.now"])

    def test_actors_and_dispatch(self):
        good = ["let actor = call.actor", "final class Actor {}"]
        self.assertBanned("actor", "Sources/RPC/A.swift", ["public actor Cache {}"], good)
        self.assertBanned("main-actor", "Sources/cordeed/A.swift", ["@MainActor func f() {}"])
        self.assertBanned("dispatch", "Tests/WireTests/A.swift", ["DispatchQueue.main.async {}"])

    def test_generated_code_is_left_alone(self):
        self.assertEqual(found({"plugins/Workshops/API/workshops.pb.swift": "try! f() // TODO\n" * 600}), set())


class Files(unittest.TestCase):
    def test_a_todo_names_its_issue(self):
        path = "Sources/Wire/A.swift"
        self.assertEqual(found({path: "// TODO: later\n"}), {(path, 1, "todo")})
        self.assertEqual(found({path: "// TODO(#12): later\n"}), set())

    def test_a_file_has_at_most_500_lines(self):
        path = "Sources/Wire/A.swift"
        self.assertEqual(found({path: "\n" * 500}), set())
        self.assertEqual(found({path: "\n" * 501}), {(path, 500, "length")})

    def test_nothing_names_a_place_of_one_machine(self):
        for text in ["/home/ann/cordee", "../shared/data", "/Users/ann"]:
            self.assertEqual(found({"ops/README.md": f"see {text}\n"}), {("ops/README.md", 1, "path")}, text)
        self.assertEqual(found({"ops/README.md": "see /var/lib/cordee and /etc/cordee\n"}), set())

    def test_the_top_level_holds_only_what_is_listed(self):
        self.assertEqual(found({"notes.md": "", "README.md": "", ".editorconfig": ""}), {("notes.md", 1, "top-level")})


class Documents(unittest.TestCase):
    def commands(self, fence, *lines):
        text = "\n".join(["Text.", f"```{fence}", *lines, "```", ""])
        return found({"README.md": text, **self.TREE})

    TREE = {
        "Makefile": "build test: x\n\trun\nFLAGS := make\n",
        "ops/bootstrap": "",
        "Sources/CordeeCLI/OwnCommands.swift": 'OwnCommand(words: ["call"]),\n.method(\n["tokens", "create"], "x")\n',
        "proto/cordee/w/v1/w.proto": 'option (cordee.api.v1.module) = "workshops";\n',
        "proto/README.md": "",
    }

    def test_commands_exist(self):
        good = ["make test # all", "CI=true make build ARGS='--filter A'", "ops/bootstrap build && ./ops/bootstrap",
                "swift build", "sudo cordee workshops list", "cordee tokens \\", "  create | jq .",
                "cordee call A/B", "cordee --help"]
        self.assertEqual(self.commands("sh", *good), set())
        for bad in ["make tests", "ls && make tests", "ops/bootstrop", "cordee workshop list", "swift biuld",
                    "FLAGS=1 make FLAGS"]:
            self.assertEqual(self.commands("sh", "ls", bad), {("README.md", 4, "command")}, bad)

    def test_in_a_console_block_only_prompts_are_commands(self):
        self.assertEqual(self.commands("console", "$ make test", "make: nothing to do"), set())
        self.assertEqual(self.commands("console", "$ make nothing"), {("README.md", 3, "command")})
        self.assertEqual(self.commands("go", "make nothing"), set())

    def test_links_lead_somewhere(self):
        sound = {"README.md": "[a](ops/README.md#x) [b](https://a.example)\n", "ops/README.md": "[up](../README.md)"}
        self.assertEqual(found(sound), set())
        self.assertEqual(found({"README.md": "\n[a](ops/README.md)\n"}), {("README.md", 2, "link")})

    def test_reasons_are_listed(self):
        source = 'Status(\n.notFound, a ? "NO_SUCH" : "OTHER",\nfr: "a", en: "b")\nfield(reason: "TOO_LONG")\n'
        listed = {"proto/README.md": "| `NO_SUCH` | `TOO_LONG` | `OTHER` |", "Sources/RPC/A.swift": source}
        self.assertEqual(found(listed), set())
        self.assertEqual(found({**listed, "proto/README.md": "`TOO_LONG`"}), {("Sources/RPC/A.swift", 2, "reason")})

    def test_tests_exist(self):
        tests = {"Tests/ATests/B.swift": "struct BTests {\n    func holds() {}\n}\n"}
        self.assertEqual(found({**tests, "README.md": "`BTests.holds`"}), set())
        self.assertEqual(found({**tests, "README.md": "\n`BTests.fails`"}), {("README.md", 2, "test")})


class SwiftText(unittest.TestCase):
    def test_code_and_comments_are_told_apart(self):
        text = ('a = "x // \\(f("}")) y" // one\n/* two /* three */ */ b\n'
                '#"\\"# c\n"""\n"d\n""" e\n')
        code, comments = swift_text.split(text)
        self.assertEqual(code.split(), ["a", "=", "b", "c", "e"])
        self.assertEqual(comments.split(), ["//", "one", "/*", "two", "/*", "three", "*/", "*/"])
        self.assertEqual(code.count("\n"), 6)


if __name__ == "__main__":
    unittest.main()
