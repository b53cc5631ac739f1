public import RPC

/// The checks that generated code makes of `(cordee.api.v1.rules)`: each adds a violation when its rule is broken.
///
/// `field` is the path of the field from the message that is being checked, by its name in the proto file. Where it is
/// put together ("emails[3]"), that is done for a violation only.
extension Violations {
    /// Reason REQUIRED: the field is not set, or empty.
    ///
    /// - Parameter needed: false when a change leaves the field as it is.
    /// - Returns: whether the field is set, so that its other rules apply.
    @discardableResult
    public mutating func require(_ field: String, _ isSet: Bool, if needed: Bool = true) -> Bool {
        if needed, !isSet { add(field, "REQUIRED", fr: "ce champ est requis", en: "this field is required") }
        return isSet
    }

    /// Reason TOO_LONG: more characters (Unicode scalars, AIP-210) than the field takes.
    public mutating func length(_ field: @autoclosure () -> String, _ value: String, max: Int) {
        // Bytes are at hand and never fewer than characters: most values are not walked.
        guard value.utf8.count > max, value.unicodeScalars.count > max else { return }
        add(field(), "TOO_LONG", fr: "au plus \(max) caractères", en: "at most \(max) characters")
    }

    /// Reason TOO_LONG: more bytes than the field takes.
    public mutating func bytes(_ field: @autoclosure () -> String, _ count: Int, max: Int) {
        guard count > max else { return }
        add(field(), "TOO_LONG", fr: "au plus \(max) octets", en: "at most \(max) bytes")
    }

    /// Reason TOO_MANY: more elements or entries than the field takes.
    public mutating func items(_ field: String, _ count: Int, max: Int) {
        guard count > max else { return }
        add(field, "TOO_MANY", fr: "au plus \(max) éléments", en: "at most \(max) elements")
    }

    /// Reason OUT_OF_RANGE: a whole number below the least or above the greatest value.
    public mutating func range(
        _ field: @autoclosure () -> String, _ value: some BinaryInteger, minimum: Int64? = nil, maximum: Int64? = nil
    ) {
        let (isBelow, isAbove) = (minimum.map { value < $0 }, maximum.map { value > $0 })
        guard isBelow == true || isAbove == true else { return }
        outOfRange(field(), minimum, maximum)
    }

    /// Reason OUT_OF_RANGE: a number below the least or above the greatest value, or not a number.
    public mutating func range(
        _ field: @autoclosure () -> String, _ value: Double, minimum: Int64? = nil, maximum: Int64? = nil
    ) {
        let (isBelow, isAbove) = (minimum.map { !(value >= Double($0)) }, maximum.map { !(value <= Double($0)) })
        guard isBelow == true || isAbove == true else { return }
        outOfRange(field(), minimum, maximum)
    }

    /// Reason BAD_NAME: not the name of such a resource.
    public mutating func resource(_ field: @autoclosure () -> String, _ name: String, _ pattern: ResourcePattern) {
        guard !pattern.matches(name) else { return }
        add(
            field(), "BAD_NAME", fr: "un nom de la forme « \(pattern.text) » est attendu",
            en: "a name of the form \"\(pattern.text)\" is expected")
    }

    /// Reason BAD_NAME: not the name of any resource.
    public mutating func anyResource(_ field: @autoclosure () -> String, _ name: String) {
        guard !ResourcePattern.isAnyName(name) else { return }
        add(
            field(), "BAD_NAME", fr: "le nom d’une ressource est attendu : « boards/… »",
            en: "the name of a resource is expected: \"boards/…\"")
    }

    /// Reason BAD_FORMAT: the text does not have the form.
    public mutating func format(_ field: @autoclosure () -> String, _ value: String, _ format: CordeeAPI_Format) {
        guard !Forms.fits(value, format) else { return }
        let expected = format.expected
        add(field(), "BAD_FORMAT", fr: "forme attendue : \(expected.fr)", en: "expected: \(expected.en)")
    }

    /// Reason UNKNOWN_VALUE: a number of an enum that this daemon does not know.
    public mutating func unknownValue(_ field: String, _ number: Int) {
        add(field, "UNKNOWN_VALUE", fr: "la valeur \(number) est inconnue", en: "the value \(number) is not known")
    }

    private mutating func outOfRange(_ field: String, _ minimum: Int64?, _ maximum: Int64?) {
        switch (minimum, maximum) {
        case (let minimum?, let maximum?):
            add(field, "OUT_OF_RANGE", fr: "de \(minimum) à \(maximum)", en: "from \(minimum) to \(maximum)")
        case (let minimum?, nil): add(field, "OUT_OF_RANGE", fr: "au moins \(minimum)", en: "at least \(minimum)")
        case (nil, let maximum?): add(field, "OUT_OF_RANGE", fr: "au plus \(maximum)", en: "at most \(maximum)")
        case (nil, nil): break
        }
    }
}

extension CordeeAPI_Format {
    /// What stands after "expected:".
    fileprivate var expected: LocalizedText {
        switch self {
        case .languageTag, .localizedText:
            LocalizedText(fr: "une étiquette de langue (« fr-CA »)", en: "a language tag (\"fr-CA\")")
        case .localDateTime:
            LocalizedText(
                fr: "une heure locale (« 2026-11-24T15:45:00 »)", en: "a local time (\"2026-11-24T15:45:00\")")
        case .timeZone:
            LocalizedText(fr: "un fuseau horaire (« America/Toronto »)", en: "a time zone (\"America/Toronto\")")
        case .email: LocalizedText(fr: "une adresse de courriel", en: "a mail address")
        case .unspecified, .UNRECOGNIZED: LocalizedText(fr: "une autre valeur", en: "another value")
        }
    }
}
