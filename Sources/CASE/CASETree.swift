/// Puts the items of a package below each other, and finds what hinders that.
struct CASETree {
    let associations: [CASEFields.Association]
    let depthMax: Int
    var package: CASEPackage
    var problems: [CASEProblem] = []

    init(document: CASEDocument, items: [CASEItem], associations: [CASEFields.Association], depthMax: Int) {
        (self.associations, self.depthMax) = (associations, depthMax)
        package = CASEPackage(document: document, items: items)
    }

    mutating func build() {
        let indices = Dictionary(
            package.items.enumerated().map { ($1.identifier, $0) }
        ) { first, _ in first }
        for association in associations {
            guard let origin = indices[association.origin] else {
                problems.append(unknown(association))
                continue
            }
            if association.type == "isChildOf" {
                place(origin, by: association, indices)
            } else {
                package.alignments.append(
                    CASEAlignment(
                        identifier: association.identifier, type: association.type, origin: association.origin,
                        destination: association.destination, destinationURI: association.destinationURI))
            }
        }
        findCycles(indices)
    }

    private mutating func place(
        _ origin: Int, by association: CASEFields.Association, _ indices: [String: Int]
    ) {
        let isTop = association.destination == package.document.identifier
        guard isTop || indices[association.destination] != nil else { return problems.append(unknown(association)) }
        let isSecond = package.items[origin].placement != nil
        package.items[origin].position = association.position
        package.items[origin].placement = association.identifier
        if !isTop { package.parents[association.origin] = association.destination }
        if isSecond {
            problems.append(
                CASEProblem(.secondParent, at: "CFAssociations[\(association.index)]", association.identifier))
        }
    }

    private func unknown(_ association: CASEFields.Association) -> CASEProblem {
        CASEProblem(.unknownReference, at: "CFAssociations[\(association.index)]", association.identifier)
    }

    /// Each circle is told once, from its item that comes first in the file.
    private mutating func findCycles(_ indices: [String: Int]) {
        // 0: not looked at; else the number of the walk that came by.
        var walks = [Int](repeating: 0, count: package.items.count)
        for start in package.items.indices where walks[start] == 0 {
            var (path, next): ([Int], Int?) = ([], start)
            while let index = next, walks[index] == 0 {
                walks[index] = start + 1
                path.append(index)
                next = package.parents[package.items[index].identifier].flatMap { indices[$0] }
            }
            if let end = next, walks[end] == start + 1, let first = path.firstIndex(of: end) {
                report(Array(path[first...]))
            }
        }
        guard problems.isEmpty else { return }
        for (index, item) in package.items.enumerated() {
            var (depth, next) = (1, package.parents[item.identifier])
            while let parent = next, depth <= depthMax { (depth, next) = (depth + 1, package.parents[parent]) }
            if depth > depthMax { problems.append(CASEProblem(.tooDeep, at: "CFItems[\(index)]", item.identifier)) }
        }
    }

    /// "C1 -> C1.1 -> C1": from an item to what is above it the circle runs the other way.
    private mutating func report(_ circle: [Int]) {
        let first = circle.min() ?? 0
        let upwards = (circle + circle).drop { $0 != first }.prefix(circle.count)
        let names = (upwards + [first]).map { index in
            let item = package.items[index]
            return item.code.isEmpty ? item.identifier : item.code
        }
        problems.append(CASEProblem(.cycle, at: "CFItems[\(first)]", names.joined(separator: " -> ")))
    }
}
