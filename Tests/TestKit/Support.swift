// What the tests of the low rooms share too: who imports TestKit has it.
@_exported public import TestSupport
