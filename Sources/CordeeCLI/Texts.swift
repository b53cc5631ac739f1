import RPC

/// What the client says itself, each text in French and English on adjoining lines; what the daemon says comes translated.
enum Texts {
    // MARK: Help

    static let about = LocalizedText(
        fr: "Client de Cordée : le perfectionnement professionnel du personnel scolaire. Les commandes des "
            + "modules viennent du démon.",
        en: "Client of Cordée: professional development of school staff. The commands of modules come from the daemon.")
    static let usage = LocalizedText(
        fr: "Emploi : ",
        en: "Usage: ")
    static let alsoCalled = LocalizedText(
        fr: "Aussi : ",
        en: "Also: ")
    static let argument = LocalizedText(
        fr: "Argument :",
        en: "Argument:")
    static let flags = LocalizedText(
        fr: "Options de la commande :",
        en: "Flags:")
    static let options = LocalizedText(
        fr: "Options de toutes les commandes :",
        en: "Options of all commands:")
    static let commands = LocalizedText(
        fr: "Commandes :",
        en: "Commands:")
    static let modules = LocalizedText(
        fr: "Modules (cordee MODULE --help) :",
        en: "Modules (cordee MODULE --help):")
    static let methods = LocalizedText(
        fr: "Méthodes :",
        en: "Methods:")
    static let exitCodes = LocalizedText(
        fr: "Codes de sortie :",
        en: "Exit codes:")
    static let whoMayCall = LocalizedText(
        fr: "Qui peut l'appeler : ",
        en: "Who may call: ")
    static let fullName = LocalizedText(
        fr: "Nom complet : ",
        en: "Full name: ")
    static let answer = LocalizedText(
        fr: "Réponse : ",
        en: "Answer: ")
    static let sendsMany = LocalizedText(
        fr: "Flux : des octets de plus de 1 Mio partent par morceaux de 1 Mio (jusqu'à 64 Mio).",
        en: "Streams: bytes of more than 1 MiB are sent in pieces of 1 MiB (up to 64 MiB).")
    static let answersMany = LocalizedText(
        fr: "Flux : chaque réponse est montrée dès qu'elle arrive.",
        en: "Streams: each answer is shown as it comes.")
    static let seeOptions = LocalizedText(
        fr: "Options de toutes les commandes : cordee --help",
        en: "Options of all commands: cordee --help")
    static let oneOf = LocalizedText(
        fr: "Au choix : ",
        en: "One of: ")
    static let bytesForms = LocalizedText(
        fr: "@FICHIER, @DOSSIER (mis en zip) ou base64.",
        en: "@FILE, @FOLDER (zipped) or base64.")
    static let fileWord = LocalizedText(
        fr: "@FICHIER",
        en: "@FILE")
    static let required = LocalizedText(
        fr: "obligatoire",
        en: "required")
    static let flagWord = LocalizedText(
        fr: "option",
        en: "flag")
    static let textWord = LocalizedText(
        fr: "TEXTE",
        en: "TEXT")
    static let valueWord = LocalizedText(
        fr: "VALEUR",
        en: "VALUE")
    static let fieldWord = LocalizedText(
        fr: "CHAMP",
        en: "FIELD")
    static let pathWord = LocalizedText(
        fr: "CHEMIN",
        en: "PATH")
    static let methodWord = LocalizedText(
        fr: "MÉTHODE",
        en: "METHOD")
    static let commentWord = LocalizedText(
        fr: "COMMENTAIRE",
        en: "COMMENT")
    static let commandWord = LocalizedText(
        fr: "COMMANDE",
        en: "COMMAND")
    static let yes = LocalizedText(
        fr: "oui",
        en: "yes")
    static let no = LocalizedText(
        fr: "non",
        en: "no")

    // MARK: Options

    static let optionJSON = LocalizedText(
        fr: "Du JSON : une ligne par résultat.",
        en: "JSON: one line for each result.")
    static let optionPrint = LocalizedText(
        fr: "Ce champ seul de chaque résultat, pour les scripts : name, title.fr.",
        en: "This field alone of each result, for scripts: name, title.fr.")
    static let optionLimit = LocalizedText(
        fr: "Au plus N résultats d'une liste ; 0 : tous. Sans cette option, 100 au terminal et tous ailleurs.",
        en: "At most N results of a list; 0 for all. Without it, 100 in a terminal and all elsewhere.")
    static let optionLanguage = LocalizedText(
        fr: "La langue ; sinon celle de LC_ALL, LC_MESSAGES ou LANG.",
        en: "The language; else that of LC_ALL, LC_MESSAGES or LANG.")
    static let optionSocket = LocalizedText(
        fr: "Le socket du démon, ou tls://HÔTE:PORT ; sinon CORDEE_SOCKET, sinon /run/cordee/cordee.sock.",
        en: "The daemon's socket, or tls://HOST:PORT; else CORDEE_SOCKET, else /run/cordee/cordee.sock.")
    static let optionTLSAuthorities = LocalizedText(
        fr: "Qui peut signer le certificat du démon (PEM) ; sinon CORDEE_TLS_CA, sinon ceux du système.",
        en: "Who may sign the daemon's certificate (PEM); else CORDEE_TLS_CA, else those of the system.")
    static let optionTLSIdentity = LocalizedText(
        fr: "Le certificat du client (PEM), avec sa clé : --tls-key ; sinon CORDEE_TLS_CERTIFICATE et CORDEE_TLS_KEY.",
        en: "The client's certificate (PEM), with its key: --tls-key; else CORDEE_TLS_CERTIFICATE and CORDEE_TLS_KEY.")
    static let optionTokenFile = LocalizedText(
        fr: "Le fichier du jeton ; sinon CORDEE_TOKEN_FILE, sinon le jeton lui-même dans CORDEE_TOKEN.",
        en: "The token's file; else CORDEE_TOKEN_FILE, else the token itself in CORDEE_TOKEN.")
    static let optionTimeout = LocalizedText(
        fr: "Le temps accordé à chaque appel : 500ms, 30s, 5m.",
        en: "The time for each call: 500ms, 30s, 5m.")
    static let optionIdempotencyKey = LocalizedText(
        fr:
            "La clé d'une écriture : la même commande répétée avec elle n'est faite qu'une fois. Sinon chacune a la sienne.",
        en: "The key of a write: the same command repeated with it is carried out once. Else each has its own.")
    static let optionHelp = LocalizedText(
        fr: "L'aide de la commande qui précède.",
        en: "The help of the command before it.")
    static let optionVersion = LocalizedText(
        fr: "La version du client.",
        en: "The client's version.")

    // MARK: Errors of the command line

    static func unknownFlag(_ flag: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            fr: "option inconnue : \(flag)" + (nearest.map { " ; plutôt \($0) ?" } ?? ""),
            en: "unknown flag: \(flag)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }

    static func unknownCommand(_ word: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            fr: "commande inconnue : \(word)" + (nearest.map { " ; plutôt \($0) ?" } ?? ""),
            en: "unknown command: \(word)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }

    static func unknownField(_ label: String, _ name: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            fr: "\(label) : champ inconnu : \(name)" + (nearest.map { " ; plutôt \($0) ?" } ?? ""),
            en: "\(label): unknown field: \(name)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }

    static func unknownSymbol(_ name: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            fr: "nom inconnu : \(name)" + (nearest.map { " ; plutôt \($0) ?" } ?? ""),
            en: "unknown name: \(name)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }

    static func ambiguousSymbol(_ name: String, _ found: [String]) -> LocalizedText {
        LocalizedText(
            fr: "\(name) peut être : \(found.joined(separator: ", "))",
            en: "\(name) may be: \(found.joined(separator: ", "))")
    }

    static func wrongEnum(_ label: String, _ text: String, nearest: String) -> LocalizedText {
        LocalizedText(
            fr: "\(label) : « \(text) » n'est pas une valeur possible ; plutôt \(nearest) ?",
            en: "\(label): \"\(text)\" is not a possible value; did you mean \(nearest)?")
    }

    static func wrongValue(_ label: String, _ text: String, expected: String) -> LocalizedText {
        LocalizedText(
            fr: "\(label) : « \(text) » ne convient pas ; attendu : \(expected)",
            en: "\(label): \"\(text)\" does not fit; expected: \(expected)")
    }

    static func missingValue(_ flag: String) -> LocalizedText {
        LocalizedText(
            fr: "\(flag) veut une valeur (\(flag)=… si elle commence par --)",
            en: "\(flag) wants a value (\(flag)=… if it begins with --)")
    }

    static func takesNoValue(_ flag: String) -> LocalizedText {
        LocalizedText(
            fr: "\(flag) ne prend pas de valeur",
            en: "\(flag) takes no value")
    }

    static func givenTwice(_ flag: String) -> LocalizedText {
        LocalizedText(
            fr: "\(flag) est donné deux fois",
            en: "\(flag) is given twice")
    }

    static func missingArgument(_ name: String) -> LocalizedText {
        LocalizedText(
            fr: "il manque \(name)",
            en: "\(name) is missing")
    }

    static func tooManyArguments(_ word: String) -> LocalizedText {
        LocalizedText(
            fr: "argument en trop : \(word)",
            en: "one argument too many: \(word)")
    }

    static func notJSON(_ label: String) -> LocalizedText {
        LocalizedText(
            fr: "\(label) : ce n'est pas un objet JSON",
            en: "\(label): this is no JSON object")
    }

    static func notUTF8(_ path: String) -> LocalizedText {
        LocalizedText(
            fr: "\(path) : ce n'est pas du texte UTF-8",
            en: "\(path): this is no UTF-8 text")
    }

    static func cannotRead(_ path: String, _ detail: String) -> LocalizedText {
        LocalizedText(
            fr: "\(path) ne peut être lu : \(detail)",
            en: "\(path) cannot be read: \(detail)")
    }

    static func cannotPack(_ path: String, _ detail: LocalizedText) -> LocalizedText {
        LocalizedText(
            fr: "\(path) ne peut être mis en zip : \(detail.fr)",
            en: "\(path) cannot be zipped: \(detail.en)")
    }

    static func notRegular(_ path: String) -> LocalizedText {
        LocalizedText(
            fr: "\(path) n'est ni un fichier ni un dossier",
            en: "\(path) is neither a file nor a folder")
    }

    static func tooManyFiles(_ max: Int) -> LocalizedText {
        LocalizedText(
            fr: "plus de \(max) fichiers",
            en: "more than \(max) files")
    }

    static func fileTooLarge(_ path: String, bytesMax: Int) -> LocalizedText {
        LocalizedText(
            fr: "\(path) dépasse \(bytesMax) octets",
            en: "\(path) has more than \(bytesMax) bytes")
    }

    static func requestTooLarge(byteCount: Int, bytesMax: Int) -> LocalizedText {
        LocalizedText(
            fr: "la demande fait \(byteCount) octets ; au plus \(bytesMax)",
            en: "the request has \(byteCount) bytes; at most \(bytesMax)")
    }

    static func noToken(_ path: String) -> LocalizedText {
        LocalizedText(
            fr: "\(path) ne contient pas de jeton",
            en: "\(path) holds no token")
    }

    // MARK: The daemon

    static func noDaemon(socket: String) -> LocalizedText {
        LocalizedText(
            fr: "aucun démon ne répond à \(socket) (--socket ou CORDEE_SOCKET en désigne un autre)",
            en: "no daemon answers at \(socket) (--socket or CORDEE_SOCKET names another)")
    }

    static func socketDenied(_ socket: String) -> LocalizedText {
        LocalizedText(
            fr: "accès refusé à \(socket) : être du groupe du démon ?",
            en: "access to \(socket) is denied: are you in the daemon's group?")
    }

    static func notSecure(_ socket: String, _ detail: String) -> LocalizedText {
        LocalizedText(
            fr: "la connexion à \(socket) ne peut être sûre : \(detail)",
            en: "the connection to \(socket) cannot be made secure: \(detail)")
    }

    static func unusable(_ path: String, _ detail: String) -> LocalizedText {
        LocalizedText(
            fr: "\(path) ne convient pas : \(detail)",
            en: "\(path) is of no use: \(detail)")
    }

    static func modulesMissing(socket: String) -> LocalizedText {
        LocalizedText(
            fr: "Aucun démon ne répond à \(socket) : les commandes de ses modules manquent ici.",
            en: "No daemon answers at \(socket): the commands of its modules are missing here.")
    }

    static func oddAnswer(_ path: String) -> LocalizedText {
        LocalizedText(
            fr: "la réponse de \(path) ne se lit pas",
            en: "the answer of \(path) cannot be read")
    }

    static func pageAgain(_ path: String) -> LocalizedText {
        LocalizedText(
            fr: "\(path) redonne une page déjà lue : arrêt",
            en: "\(path) gives a page that was read already: stopped")
    }

    static func retryAfter(seconds: Int64) -> LocalizedText {
        LocalizedText(
            fr: "nouvel essai possible dans \(seconds) s",
            en: "a retry is possible in \(seconds) s")
    }

    static func more(_ count: Int) -> LocalizedText {
        LocalizedText(
            fr: "\(count) premiers résultats ; --limit 0 les donne tous",
            en: "the first \(count) results; --limit 0 gives all")
    }
    static let connectionLost = LocalizedText(
        fr: "la connexion au démon a été coupée avant la réponse",
        en: "the connection to the daemon ended before the answer")
    static let outputLost = LocalizedText(
        fr: "la sortie n'a pas pu être écrite en entier",
        en: "the output could not be written in full")
    static let nothing = LocalizedText(
        fr: "Aucun résultat.",
        en: "No results.")

    // MARK: Roles and what they are held over (DOMAIN, "Roles")

    static let roleStaff = LocalizedText(
        fr: "membre du personnel",
        en: "staff")
    static let roleFacilitator = LocalizedText(
        fr: "animatrice ou animateur",
        en: "facilitator")
    static let roleTechnopedagogue = LocalizedText(
        fr: "technopédagogue",
        en: "technology coach")
    static let rolePrincipal = LocalizedText(
        fr: "direction",
        en: "principal")
    static let roleBoardLead = LocalizedText(
        fr: "responsable du perfectionnement",
        en: "board lead")
    static let roleEvaluator = LocalizedText(
        fr: "évaluatrice ou évaluateur",
        en: "evaluator")
    static let roleMentor = LocalizedText(
        fr: "mentore ou mentor",
        en: "mentor")
    static let roleMentee = LocalizedText(
        fr: "personne mentorée",
        en: "mentee")
    static let roleCommunityLead = LocalizedText(
        fr: "responsable de communauté",
        en: "community lead")
    static let rolePrivacyOfficer = LocalizedText(
        fr: "responsable de la protection des renseignements personnels",
        en: "privacy officer")
    static let roleOperator = LocalizedText(
        fr: "exploitant du démon",
        en: "operator")
    static let roleService = LocalizedText(
        fr: "programme",
        en: "service")
    static let roleAnyone = LocalizedText(
        fr: "tout le monde",
        en: "anyone")
    static let overBoard = LocalizedText(
        fr: "conseil",
        en: "board")
    static let overSelf = LocalizedText(
        fr: "pour soi",
        en: "self")
    static let overOpen = LocalizedText(
        fr: "ouvert",
        en: "open")
    static let overShared = LocalizedText(
        fr: "partagé",
        en: "shared")
    static let overOwn = LocalizedText(
        fr: "les siens",
        en: "own")
    static let overSchool = LocalizedText(
        fr: "école",
        en: "school")
}
