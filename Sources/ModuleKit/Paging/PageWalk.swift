extension WaitCall {
    /// Walks through a list page by page, each read in a moment of its own: a list of any length holds up nobody, and
    /// what its reader does not take is not read.
    ///
    /// - Parameters:
    ///   - load: one page: the handler of the method that lists.
    ///   - send: is given the items of each page.
    public func forEachPage<Request: PagedRequest, Item>(
        of request: Request, _ load: (Request, ReadCall) throws -> Page<Item>, send: ([Item]) async throws -> Void
    ) async throws {
        var request = request
        repeat {
            let page = try read { try load(request, $0) }
            try await send(page.items)
            request.pageToken = page.nextToken
        } while !request.pageToken.isEmpty
    }
}
