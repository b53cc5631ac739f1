import DirectoryAPI
import ModuleKit

// To whom the directory's records belong: who may see them stands in the proto.

extension Org: Resource {
    var belonging: Belonging { Belonging(board: name.board) }
}

extension Person: Resource {
    var belonging: Belonging { Belonging(board: name.board, person: name.person) }
}

extension Grant: Resource {
    var belonging: Belonging { Belonging(board: name.board, person: person.person) }
}

extension ImportJob: Resource {
    var belonging: Belonging { Belonging(board: name.board) }
}
