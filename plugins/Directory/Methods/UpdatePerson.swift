import DirectoryAPI
import ModuleKit
import OneRoster

extension DirectoryHandlers {
    func updatePerson(_ request: API.UpdatePersonRequest, _ call: WriteCall) throws -> API.Person {
        guard let name = PersonName(request.person.name),
            call.standing.covers(board: name.board, person: name.person),
            var person = try Person.find(name, in: call.db)
        else { throw Status.notFound(request.person.name) }
        try person.etag.check(request.person.etag)
        let assignments = try Assignment.list(person: name.person, in: call.db)
        let before = API.Person(person, assignments: assignments)
        let after = try before.updated(by: request.person, mask: request.updateMask)
        var rest = after
        (rest.preferredName, rest.languages) = (before.preferredName, before.languages)
        (rest.name, rest.etag) = (before.name, before.etag)
        if person.sourceID == nil, call.caller.roles.contains(Caller.HeldRole(.boardLead, board: name.board)) {
            (rest.givenName, rest.familyName, rest.email) = (before.givenName, before.familyName, before.email)
        }
        guard rest == before else { throw Status.rosterField }
        try after.checkContent()
        try checkFree(after.email, for: person, call)
        person.details = Person.Details(
            givenName: after.givenName, familyName: after.familyName, preferredName: after.preferredName,
            username: person.details.username, email: after.email, languages: after.languages,
            staffRole: person.details.staffRole)
        try person.save(in: call.db)
        person.revision += 1
        try call.emit(.person("updated", person.name))
        return API.Person(person, assignments: assignments)
    }

    private func checkFree(_ email: String, for person: Person, _ call: WriteCall) throws {
        guard !email.isEmpty, Person.Details.emailKey(email) != person.details.emailKey else { return }
        guard try Person.find(email: email, board: person.name.board, in: call.db) == nil else {
            throw Status.emailTaken
        }
    }
}

extension API.Person {
    /// The same rules as for a roster.
    fileprivate func checkContent() throws {
        guard languages.allSatisfy(LanguageTagSyntax.isTag) else { throw Status.badLanguage }
        guard email.isEmpty || EmailSyntax.isAddress(email) else { throw Status.badEmail }
        guard !familyName.isEmpty else { throw Status.required("person.family_name") }
    }
}
