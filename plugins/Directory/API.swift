public import DirectoryAPI
public import ModuleKit

/// The module's messages, by the names of the proto.
enum API {
    typealias Org = CordeeDirectory_Org
    typealias Person = CordeeDirectory_Person
    typealias Assignment = CordeeDirectory_Assignment
    typealias Grant = CordeeDirectory_Grant
    typealias GetOrgRequest = CordeeDirectory_GetOrgRequest
    typealias ListOrgsRequest = CordeeDirectory_ListOrgsRequest
    typealias ListOrgsResponse = CordeeDirectory_ListOrgsResponse
    typealias GetPersonRequest = CordeeDirectory_GetPersonRequest
    typealias ListPeopleRequest = CordeeDirectory_ListPeopleRequest
    typealias ListPeopleResponse = CordeeDirectory_ListPeopleResponse
    typealias ImportRosterRequest = CordeeDirectory_ImportRosterRequest
    typealias ImportRosterResponse = CordeeDirectory_ImportRosterResponse
    typealias ImportCounts = CordeeDirectory_ImportCounts
    typealias RosterProblem = CordeeDirectory_RosterProblem
    typealias GrantRoleRequest = CordeeDirectory_GrantRoleRequest
    typealias RevokeRoleRequest = CordeeDirectory_RevokeRoleRequest
    typealias ListGrantsRequest = CordeeDirectory_ListGrantsRequest
    typealias ListGrantsResponse = CordeeDirectory_ListGrantsResponse
}

extension API.ListOrgsRequest: PagedRequest {}
extension API.ListPeopleRequest: PagedRequest {}
extension API.ListGrantsRequest: PagedRequest {}
