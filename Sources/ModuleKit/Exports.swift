// A module author imports ModuleKit and the API targets of the messages that the module speaks, and nothing else.
@_exported public import Calendar
@_exported public import CordeeAPI
@_exported public import RPC
@_exported public import Store
@_exported public import SwiftProtobuf
