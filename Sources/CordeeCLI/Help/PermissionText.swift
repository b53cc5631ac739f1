import CordeeAPI
import RPC

/// Who may call a method, in words.
enum PermissionText {
    static func line(_ permissions: [MethodType.Permission], _ language: Language) -> String {
        let parts = permissions.map { permission in
            let over = scope(permission.scope)?[language]
            return role(permission.role)[language] + (over.map { " (\($0))" } ?? "")
        }
        return parts.isEmpty ? "–" : parts.joined(separator: ", ")
    }

    private static func role(_ role: CordeeAPI_Role) -> LocalizedText {
        switch role {
        case .staff: Texts.roleStaff
        case .facilitator: Texts.roleFacilitator
        case .technopedagogue: Texts.roleTechnopedagogue
        case .principal: Texts.rolePrincipal
        case .boardLead: Texts.roleBoardLead
        case .evaluator: Texts.roleEvaluator
        case .mentor: Texts.roleMentor
        case .mentee: Texts.roleMentee
        case .communityLead: Texts.roleCommunityLead
        case .privacyOfficer: Texts.rolePrivacyOfficer
        case .operator: Texts.roleOperator
        case .service: Texts.roleService
        case .anyone: Texts.roleAnyone
        case .unspecified: LocalizedText(fr: "?", en: "?")
        case .UNRECOGNIZED(let number): LocalizedText(fr: "\(number)", en: "\(number)")
        }
    }

    private static func scope(_ scope: CordeeAPI_Scope) -> LocalizedText? {
        switch scope {
        case .unspecified, .board: Texts.overBoard
        case .self_: Texts.overSelf
        case .own: Texts.overOwn
        case .school: Texts.overSchool
        case .open: Texts.overOpen
        case .shared: Texts.overShared
        case .daemon, .UNRECOGNIZED: nil
        }
    }
}
