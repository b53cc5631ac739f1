public import DirectoryAPI
public import ModuleKit

/// The module's messages, by the names of the proto.
typealias API = DirectoryMessages

extension DirectoryMessages.ListOrgsRequest: PagedRequest {}
extension DirectoryMessages.ListPeopleRequest: PagedRequest {}
extension DirectoryMessages.ListGrantsRequest: PagedRequest {}
extension DirectoryMessages.ListFrameworksRequest: PagedRequest {}
extension DirectoryMessages.ListCompetenciesRequest: PagedRequest {}
extension DirectoryMessages.ListImportJobsRequest: PagedRequest {}
extension DirectoryMessages.ListSelfLevelsRequest: PagedRequest {}
extension DirectoryMessages.ListSharesRequest: PagedRequest {}
extension DirectoryMessages.ListNeedsRequest: PagedRequest {}
extension DirectoryMessages.SearchExpertiseRequest: PagedRequest {}
