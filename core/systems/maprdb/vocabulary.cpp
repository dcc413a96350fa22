// The words of MapR-DB's permissions and compressions.
#include "core/systems/maprdb/vocabulary.h"

namespace tributary {

const std::vector<std::string>& compressionNames() {
    static const std::vector<std::string> kNames{"off", "lzf", "lz4", "zlib"};
    return kNames;
}

const std::vector<std::string>& permissionNames(DatasetKind kind) {
    static const std::vector<std::string> kTable{
        "readperm",        "replperm",           "bulkloadperm",           "adminaccessperm",
        "packperm",        "splitmergeperm",     "createrenamefamilyperm", "deletefamilyperm",
        "indexperm",       "defaultversionperm", "defaultcompressionperm", "defaultmemoryperm",
        "defaultreadperm", "defaultwriteperm",   "defaulttraverseperm",    "defaultappendperm"};
    static const std::vector<std::string> kStream{"produceperm", "consumeperm", "topicperm", "copyperm", "adminperm"};
    return kind == DatasetKind::Stream ? kStream : kTable;
}

Status checkPermissionNames(const Permissions& perms) {
    if (!perms.contains("readperm") || !perms.contains("defaultreadperm")) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 "readperm of a table is short for defaultreadperm, and both are drawn",
                 {},
                 "keep defaultreadperm, or give a family its own readperm"};
}

const std::vector<std::string>& familyPermissionNames() {
    static const std::vector<std::string> kNames{"readperm",    "writeperm",       "appendperm", "traverseperm",
                                                 "versionperm", "compressionperm", "memoryperm"};
    return kNames;
}

}  // namespace tributary
