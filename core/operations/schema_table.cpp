// Schema of `table`, `table cf` and `table cf colperm` (maprdb.md sections 1.2 and 1.3).
#include "core/operations/schemaparts.h"

namespace tributary::schema {
namespace {

constexpr const char* kMasks = "is for data masks, which this version does not carry";

// Permissions of the table itself and those that its new families inherit; create and edit take the same.
std::vector<ParamSpec> tablePermissions() {
    const std::string creator = "u:<creator>";
    return {
        ace("packperm", "who may pack the table's regions", creator),
        ace("bulkloadperm", "who may bulk load the table", creator),
        ace("splitmergeperm", "who may split and merge regions", creator),
        ace("createrenamefamilyperm", "who may create and rename column families", creator),
        ace("deletefamilyperm", "who may delete column families", creator),
        ace("adminaccessperm", "who may administer the table", creator),
        ace("replperm", "who may replicate from and to the table", creator),
        since("6.0", ace("indexperm", "who may manage secondary indexes", creator)),
        ace("defaultversionperm", "new families: who may change versions and TTL", creator),
        ace("defaultcompressionperm", "new families: who may change compression", creator),
        ace("defaultmemoryperm", "new families: who may change the in-memory setting", creator),
        ace("defaultreadperm", "new families: who may read", creator),
        ace("defaultwriteperm", "new families: who may write", creator),
        ace("defaultappendperm", "new families: who may append", creator),
        jsonOnly(ace("defaulttraverseperm", "new families: who may traverse", creator)),
        since("7.0", notCarried(kMasks, ace("defaultunmaskedreadperm", "new families: who may read unmasked"))),
    };
}

std::vector<ParamSpec> familyAttributes(bool withDefaults) {
    const auto standard = [withDefaults](std::string value) { return withDefaults ? std::move(value) : std::string(); };
    return {
        integer("minversions", "versions kept even when their TTL has passed", standard("0"), 0, kInt32Max),
        integer("maxversions", "versions kept of a cell", standard("1"), 1, kInt32Max),
        integer("ttl", "seconds a cell lives; 0 is forever", standard("0"), 0, kInt32Max),
        flag("inmemory", "prefer memory for this family", standard("false")),
        choice("compression", "compression of stored cells", standard("lz4"), {"off", "lzf", "lz4", "zlib"}),
        ace("versionperm", "who may change versions and TTL"),
        ace("compressionperm", "who may change compression"),
        ace("memoryperm", "who may change the in-memory setting"),
        ace("readperm", "who may read"),
        ace("writeperm", "who may write"),
        ace("appendperm", "who may append"),
        jsonOnly(ace("traverseperm", "who may traverse")),
        jsonOnly(text("jsonpath", "path of the family in a document")),
        jsonOnly(flag("force", "create a non-default JSON family", "false")),
        since("7.0", notCarried(kMasks, ace("unmaskedreadperm", "who may read unmasked"))),
        since("7.0", notCarried(kMasks, text("securitypolicy", "security policies of the family"))),
    };
}

ParamSpec tablePath() {
    return required(path("path", "the table"));
}
ParamSpec familyName() {
    return required(text("cfname", "the column family"));
}
ParamSpec outputStyle() {
    return choice("output", "long or short field names", "verbose", {"verbose", "terse"});
}

std::vector<VerbSpec> wholeTableVerbs() {
    const ParamSpec regionSize = integer("regionsizemb", "region size in MB; splits at 150 %", "4096", 1, kInt32Max);
    std::vector<ParamSpec> create = {
        required(path("path", "the table to create; it must not exist")),
        path("copymetafrom", "table whose metadata is copied; may lie in another cluster"),
        choice("copymetatype", "which metadata to copy", "all", {"all", "cfs", "aces", "splits", "attrs"},
               ParamType::EnumSet),
        regionSize,
        flag("autosplit", "split regions automatically", "true"),
        flag("bulkload", "create for a full bulk load; blocks ordinary use and replication", "false"),
        flag("audit", "audit operations on the table", "false"),
        choice("tabletype", "kind of table", "binary", {"binary", "json"}),
        notCarried("belongs to releases before 6.0; fields stand in the order of their names",
                   flag("insertionorder", "keep fields in insertion order")),
        since("6.1", choice("metricsinterval", "seconds between metric samples", "60", {"10", "60", "600"})),
    };
    std::vector<ParamSpec> edit = {
        tablePath(),
        flag("audit", "audit operations on the table"),
        flag("autosplit", "split regions automatically"),
        regionSize,
        flag("bulkload", "set to false after a bulk load; true only at creation"),
        integer("deletettl", "seconds that delete markers are kept for replication", {}, 0, kInt32Max),
        since("6.1", choice("metricsinterval", "seconds between metric samples", {}, {"10", "60", "600"})),
    };
    return {
        verb(Verb::TableCreate, "table create", true, "Creates a table, empty or with another's metadata.",
             concat({std::move(create), tablePermissions()})),
        verb(Verb::TableEdit, "table edit", true, "Changes attributes and permissions of a table.",
             concat({std::move(edit), tablePermissions()})),
        verb(Verb::TableInfo, "table info", false, "Shows attributes, sizes, permissions and the uuid of a table.",
             {tablePath(), since("6.0", notCarried("names a secondary index, which this version does not carry",
                                                   text("index", "a secondary index of the table")))}),
        verb(Verb::TableDelete, "table delete", true, "Deletes a table with all its data.", {tablePath()}),
        verb(Verb::TableListRecent, "table listrecent", false, "Lists tables used recently.", {}),
        verb(Verb::TableRegionList, "table region list", false, "Lists the regions of a table.",
             {tablePath(), integer("start", "first row to show", "0", 0, kInt32Max),
              integer("limit", "most rows to show", "2147483647", 0, kInt32Max)}),
    };
}

std::vector<VerbSpec> familyVerbs() {
    const ParamSpec columnName = required(text("name", "the column qualifier"));
    return {
        verb(Verb::CfCreate, "table cf create", true, "Creates a column family.",
             concat({{tablePath(), familyName()}, familyAttributes(true)})),
        verb(Verb::CfEdit, "table cf edit", true, "Changes or renames a column family.",
             concat(
                 {{tablePath(), familyName(), text("newcfname", "new name of the family")}, familyAttributes(false)})),
        verb(Verb::CfDelete, "table cf delete", true, "Deletes a column family with its data.",
             {tablePath(), familyName()}),
        verb(Verb::CfList, "table cf list", false, "Lists column families.",
             {tablePath(), text("cfname", "only this family"),
              flag("showcol", "show columns that carry permissions", "false"), outputStyle()}),
        verb(Verb::ColumnPermGet, "table cf colperm get", false, "Shows the permissions of a column.",
             {tablePath(), familyName(), columnName}),
        verb(Verb::ColumnPermSet, "table cf colperm set", true, "Sets the permissions of a column.",
             {tablePath(), familyName(), columnName, ace("readperm", "who may read"), ace("writeperm", "who may write"),
              ace("appendperm", "who may append"),
              notCarried("is for fields of JSON tables, which have no permissions of their own here",
                         ace("traverseperm", "who may traverse"))}),
        verb(Verb::ColumnPermDelete, "table cf colperm delete", true, "Removes the permissions of a column.",
             {tablePath(), familyName(), columnName}),
    };
}

}  // namespace

std::vector<VerbSpec> tableVerbs() {
    std::vector<VerbSpec> all = wholeTableVerbs();
    for (VerbSpec& spec : familyVerbs()) all.push_back(std::move(spec));
    return all;
}

}  // namespace tributary::schema
