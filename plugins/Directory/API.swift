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
