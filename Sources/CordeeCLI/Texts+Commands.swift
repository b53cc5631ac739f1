import RPC

/// The texts of the client's own commands.
extension Texts {
    static let servicesSummary = LocalizedText(
        fr: "Énumère les services et leurs méthodes.",
        en: "Lists the services and their methods.")
    static let describeSummary = LocalizedText(
        fr: "Montre un service, une méthode, un message ou une énumération, avec ses commentaires.",
        en: "Shows a service, a method, a message or an enum, with its comments.")
    static let callSummary = LocalizedText(
        fr: "Appelle une méthode avec une demande en JSON.",
        en: "Calls a method with a request in JSON.")
    static let callData = LocalizedText(
        fr: "La demande : du JSON, @FICHIER, ou - pour l'entrée standard ; {} si absente.",
        en: "The request: JSON, @FILE, or - for the standard input; {} if absent.")
    static let healthSummary = LocalizedText(
        fr: "Dit comment va le démon ; code de sortie 1 s'il ne va pas bien.",
        en: "Tells how the daemon fares; exit code 1 if it does not fare well.")
    static let infoSummary = LocalizedText(
        fr: "Dit la version du démon et ses modules.",
        en: "Tells the daemon's version and its modules.")
    static let metricsSummary = LocalizedText(
        fr: "Énumère ce que le démon mesure de lui-même (pour l'exploitant).",
        en: "Lists what the daemon measures of itself (for the operator).")
    static let whoamiSummary = LocalizedText(
        fr: "Dit qui vous êtes pour le démon, et ce que vous pouvez faire.",
        en: "Tells who you are to the daemon, and what you may do.")
    static let loginSummary = LocalizedText(
        fr: "Lit un jeton de l'entrée standard ou de --token-file, le fait vérifier et le garde pour les prochaines "
            + "commandes.",
        en: "Reads a token from the standard input or --token-file, has it checked, and keeps it for later commands.")
    static let logoutSummary = LocalizedText(
        fr: "Oublie le jeton gardé ; il reste valable jusqu'à ce qu'il soit révoqué.",
        en: "Forgets the kept token; it stays good until it is revoked.")
    static let loginPrompt = LocalizedText(fr: "Jeton : ", en: "Token: ")
    static let loginTakesNothing = LocalizedText(
        fr: "un jeton n'est jamais un argument : il se lit de l'entrée standard ou de --token-file",
        en: "a token is never an argument: it is read from the standard input or --token-file")
    static let noHome = LocalizedText(
        fr: "ni XDG_CONFIG_HOME ni HOME ne sont définis",
        en: "neither XDG_CONFIG_HOME nor HOME is set")
    static let loggedOut = LocalizedText(fr: "Le jeton gardé est oublié.", en: "The kept token is forgotten.")
    static func loggedIn(_ person: String, _ path: String) -> LocalizedText {
        LocalizedText(
            fr: "Vous êtes \(person) ; le jeton est gardé dans \(path).",
            en: "You are \(person); the token is kept in \(path).")
    }
    static let tokensSummary = LocalizedText(
        fr: "Crée un jeton pour soi, ou pour une personne d'un conseil dont on est responsable. Le secret "
            + "n'est montré qu'une fois.",
        en: "Makes a token for yourself, or for a person of a board that you lead. Its secret is shown once.")
    static let tokensEmail = LocalizedText(
        fr: "L'adresse de courriel de la personne.",
        en: "The person's mail address.")
    static let tokensPerson = LocalizedText(
        fr: "La personne : boards/…/people/… ; soi-même sans elle ni adresse.",
        en: "The person: boards/…/people/…; yourself without it and without an address.")
    static let tokensLabel = LocalizedText(
        fr: "À quoi sert le jeton, pour le reconnaître.",
        en: "What the token is for, to tell it from others.")
    static let tokensExpiry = LocalizedText(
        fr: "Quand le jeton prend fin : 2026-12-31T23:59:59Z.",
        en: "When the token ends: 2026-12-31T23:59:59Z.")
    static let tokensListSummary = LocalizedText(
        fr: "Énumère ses jetons valables, ou ceux d'une personne d'un conseil dont on est responsable ; jamais les "
            + "secrets.",
        en: "Lists your good tokens, or those of a person of a board that you lead; never their secrets.")
    static let tokensRevokeSummary = LocalizedText(
        fr: "Révoque un jeton : aucun appel n'est plus admis avec lui, et ses flux ouverts prennent fin.",
        en: "Revokes a token: no call is let in by it any more, and its open streams end.")
    static let bootstrapSummary = LocalizedText(
        fr: "Crée des conseils et leur première personne responsable, et donne un jeton à usage unique "
            + "valable une heure (pour l'exploitant).",
        en: "Makes boards and their first lead, and gives a single-use token that ends in an hour (for the operator).")
    static let bootstrapBoard = LocalizedText(
        fr: "Un conseil tel que le registre du personnel l'appelle (sourcedId) ; à répéter.",
        en: "A board as the staff roster calls it (sourcedId); repeat for more.")
    static let bootstrapEmail = LocalizedText(
        fr: "L'adresse de courriel de la première personne responsable.",
        en: "The mail address of the first lead.")
    static let bootstrapGivenName = LocalizedText(
        fr: "Son prénom.",
        en: "The lead's given name.")
    static let bootstrapFamilyName = LocalizedText(
        fr: "Son nom de famille.",
        en: "The lead's family name.")
    static let backupCreateSummary = LocalizedText(
        fr: "Fait écrire par le démon une copie de sa base de données, entière ou absente (pour l'exploitant).",
        en: "Has the daemon write a copy of its database, complete or absent (for the operator).")
    static let backupVerifySummary = LocalizedText(
        fr: "Vérifie une copie, sans démon et sans la changer ; code de sortie 65 si elle n'est pas saine.",
        en: "Verifies a copy, without a daemon and without changing it; exit code 65 if it is not sound.")
    static let backupRestoreSummary = LocalizedText(
        fr: "Met une copie, d'abord vérifiée, à la place de la base de données d'un démon arrêté.",
        en: "Puts a copy, verified first, in the place of the database of a daemon that is stopped.")
    static let backupData = LocalizedText(
        fr: "Le dossier des données du démon.",
        en: "The data folder of the daemon.")
    static let backupRotateSummary = LocalizedText(
        fr: "Ajoute à un dossier une copie qui porte la date, puis supprime celles qui n'ont plus à être gardées.",
        en: "Adds a copy named by its date to a folder, then deletes those that need not be kept.")
    static let backupDaily = LocalizedText(
        fr: "De combien de jours la dernière copie est gardée (7).",
        en: "Of how many days the last copy is kept (7).")
    static let backupWeekly = LocalizedText(
        fr: "De combien de semaines la dernière copie est gardée (5).",
        en: "Of how many weeks the last copy is kept (5).")
    static func deleted(_ name: String) -> LocalizedText {
        LocalizedText(
            fr: "Supprimé : \(name)",
            en: "Deleted: \(name)")
    }
    static func cannotDelete(_ path: String, _ reason: String) -> LocalizedText {
        LocalizedText(
            fr: "Impossible de supprimer \(path) : \(reason)",
            en: "Cannot delete \(path): \(reason)")
    }
    static func noDaemonProgram(_ reason: String) -> LocalizedText {
        LocalizedText(
            fr: "Le programme cordeed, qui fait cela, n'est ni à côté de cordee ni dans PATH : \(reason)",
            en: "The program cordeed, which does this, is neither beside cordee nor in PATH: \(reason)")
    }
    static let privacyExportSummary = LocalizedText(
        fr: "Donne tout ce que le démon sait de soi, en lignes JSON ; ou d'une personne du conseil, pour la personne "
            + "responsable de la protection de la vie privée.",
        en: "Gives all that the daemon holds of a person, as JSON lines: you, or for a privacy officer anybody of "
            + "the board.")
    static let privacyPerson = LocalizedText(
        fr: "La personne : boards/…/people/… ; soi-même sans elle.",
        en: "The person: boards/…/people/…; yourself without it.")
    static let privacyMyDataSummary = LocalizedText(
        fr: "Écrit toutes ses données dans une archive zip : JSON, CSV et calendrier.",
        en: "Writes all your data into a zip archive: JSON, CSV and a calendar.")
    static let privacyOutput = LocalizedText(
        fr: "Le fichier à créer ; rien ne doit s'y trouver.", en: "The file to make; nothing may be there.")
    static let privacyOutputMissing = LocalizedText(
        fr: "--output FILE manque.", en: "--output FILE is missing.")
    static func privacyOutputFailed(_ path: String, _ reason: String) -> LocalizedText {
        LocalizedText(fr: "\(path) ne peut pas être écrit : \(reason)", en: "\(path) cannot be written: \(reason)")
    }
    static let privacyBoardSummary = LocalizedText(
        fr: "Donne toutes les données d'un conseil, en lignes JSON, pour qu'il puisse partir.",
        en: "Gives all data of a board, as JSON lines, so that it can leave.")
    static let privacyBoard = LocalizedText(fr: "Le conseil : boards/…", en: "The board: boards/…")
    static let privacyEraseSummary = LocalizedText(
        fr: "Efface pour toujours tout ce qui est personnel d'une personne, aussi après la restauration d'une ancienne "
            + "sauvegarde. Code de sortie 1 tant qu'il en reste dans un fichier : recommencer.",
        en: "Erases all that is personal of a person for ever, also after an old backup is restored. Exit code 1 while "
            + "something is left in a file: do it again.")
    static let privacyErased = LocalizedText(
        fr: "La personne : boards/…/people/….", en: "The person: boards/…/people/….")
    static let privacyEraseYes = LocalizedText(
        fr: "Confirme : rien ne le défait.", en: "Confirms: nothing undoes it.")
    static let privacyEraseUnsure = LocalizedText(
        fr: "Rien ne défait un effacement : --yes le confirme.", en: "Nothing undoes an erasure: --yes confirms it.")
    static let privacyAccessesSummary = LocalizedText(
        fr: "Énumère qui a vu les données d'une personne, les plus récentes consultations d'abord.",
        en: "Lists who has seen a person's data, the latest first.")
    static let reactionsListSummary = LocalizedText(
        fr: "Énumère les réactions des modules et où en est chacune (pour l'exploitant).",
        en: "Lists the modules' reactions and where each stands (for the operator).")
    static let reactionsRetrySummary = LocalizedText(
        fr: "Fait reprendre une réaction à l'évènement où elle a échoué (pour l'exploitant).",
        en: "Has a reaction try the event that it failed at again (for the operator).")
    static let reactionsSkipSummary = LocalizedText(
        fr: "Fait sauter à une réaction l'évènement où elle a échoué (pour l'exploitant).",
        en: "Has a reaction go on without the event that it failed at (for the operator).")
    static let reactionsSequence = LocalizedText(
        fr: "L'évènement, tel que reactions list le donne : nul autre n'est sauté.",
        en: "The event, as reactions list tells it: no other is skipped.")
    static let jobsListSummary = LocalizedText(
        fr: "Énumère les travaux qui attendent leur heure (pour l'exploitant).",
        en: "Lists the jobs that wait for their time (for the operator).")
    static let jobsFailedOnly = LocalizedText(
        fr: "Seulement ceux qui ont échoué.",
        en: "Only those that have failed.")
    static let jobsRetrySummary = LocalizedText(
        fr: "Fait reprendre un travail qui a échoué (pour l'exploitant).",
        en: "Has a job that failed tried again (for the operator).")
    static let jobsKey = LocalizedText(
        fr: "La clé du travail, telle que jobs list la donne.",
        en: "The job's key, as jobs list tells it.")
    static let completionsSummary = LocalizedText(
        fr: "Donne le script qui complète les commandes dans un interpréteur : source <(cordee completions bash).",
        en: "Gives the script that completes commands in a shell: source <(cordee completions bash).")
    static let completeSummary = LocalizedText(
        fr: "Énumère ce qui peut suivre des mots, pour le script de « completions ».",
        en: "Lists what may follow some words, for the script of \"completions\".")
    static let versionSummary = LocalizedText(
        fr: "Dit la version du client.",
        en: "Tells the client's version.")

    /// What an exit code says.
    static func exitCode(_ code: ExitCode) -> LocalizedText {
        switch code {
        case .success:
            LocalizedText(
                fr: "Tout s'est bien passé.",
                en: "All went well.")
        case .failure:
            LocalizedText(
                fr: "Autre échec.",
                en: "Another failure.")
        case .usage:
            LocalizedText(
                fr: "La ligne de commande est fautive.",
                en: "The command line is wrong.")
        case .invalidArgument:
            LocalizedText(
                fr: "Une valeur est fautive (INVALID_ARGUMENT, OUT_OF_RANGE).",
                en: "A value is wrong (INVALID_ARGUMENT, OUT_OF_RANGE).")
        case .notFound:
            LocalizedText(
                fr: "Ce qui est nommé n'existe pas (NOT_FOUND, fichier absent).",
                en: "What is named is not there (NOT_FOUND, no such file).")
        case .unavailable:
            LocalizedText(
                fr: "Pas de démon, ou il ne sert pas cela (UNAVAILABLE, UNIMPLEMENTED).",
                en: "No daemon, or it does not serve this (UNAVAILABLE, UNIMPLEMENTED).")
        case .internalFault:
            LocalizedText(
                fr: "Une faute du démon (INTERNAL, DATA_LOSS).",
                en: "A fault of the daemon (INTERNAL, DATA_LOSS).")
        case .failedPrecondition:
            LocalizedText(
                fr: "Impossible dans l'état présent (ALREADY_EXISTS, FAILED_PRECONDITION).",
                en: "Not possible in the present state (ALREADY_EXISTS, FAILED_PRECONDITION).")
        case .outputLost:
            LocalizedText(
                fr: "La sortie n'a pas pu être écrite.",
                en: "The output could not be written.")
        case .tryAgain:
            LocalizedText(
                fr: "À réessayer plus tard (RESOURCE_EXHAUSTED, ABORTED).",
                en: "Try again later (RESOURCE_EXHAUSTED, ABORTED).")
        case .notAllowed:
            LocalizedText(
                fr: "Non permis (PERMISSION_DENIED, UNAUTHENTICATED).",
                en: "Not allowed (PERMISSION_DENIED, UNAUTHENTICATED).")
        case .deadline:
            LocalizedText(
                fr: "Le temps accordé est écoulé (DEADLINE_EXCEEDED).",
                en: "The time is over (DEADLINE_EXCEEDED).")
        }
    }
    static let auditListSummary = LocalizedText(
        fr: "Énumère les évènements du journal que vous pouvez voir, les plus anciens d'abord.",
        en: "Lists the events of the log that you may see, the oldest first.")
    static let auditParent = LocalizedText(
        fr: "Le conseil : boards/… ; tous les vôtres sans lui.", en: "The board: boards/…; all of yours without it.")
    static let auditVerifySummary = LocalizedText(
        fr: "Vérifie que personne n'a modifié le journal (pour l'exploitant) ; code de sortie 1 sinon.",
        en: "Verifies that nobody altered the log (for the operator); exit code 1 if somebody did.")
    static let auditAnchorFile = LocalizedText(
        fr: "Un fichier avec une ancre, ou un journal du service : la dernière compte. Elle montre une fin coupée.",
        en: "A file with an anchor, or a log of the service: the last one counts. It shows a tail that was cut off.")
    static let auditAnchorSummary = LocalizedText(
        fr: "Donne l'ancre du journal, à garder ailleurs (pour l'exploitant).",
        en: "Gives the log's anchor, to be kept elsewhere (for the operator).")
    static let eventsWatchSummary = LocalizedText(
        fr: "Montre les évènements à mesure qu'ils arrivent.", en: "Shows events as they happen.")
    static let eventsResume = LocalizedText(
        fr: "Le jeton du dernier message traité.", en: "The token of the last message that was dealt with.")
    static let eventsFromBeginning = LocalizedText(
        fr: "Depuis le plus ancien évènement conservé.", en: "From the oldest event that is kept.")
}
