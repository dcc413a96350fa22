// What runbooks may ask of this system, and the words that the questions take.
#include "runbooks/dialects/maprcli/checks.h"

namespace tributary::runbooks {
namespace {

struct RawCheck {
    std::string_view name;
    std::string_view arguments;
    std::string_view meaning;
    std::string_view phrase;
};

constexpr RawCheck kChecks[] = {
    {"dataset-exists", "P", "a dataset lies at path P", "{0} exists"},
    {"dataset-absent", "P", "nothing lies at path P, and its cluster answered", "{0} does not exist"},
    {"same-metadata", "A B", "families and attributes of A and B are equal", "{0} and {1} have equal metadata"},
    {"replica-listed", "S R", "S records R as its replica", "{1} is listed as a replica of {0}"},
    {"replica-absent", "S R", "S does not record R as its replica", "{1} is not listed as a replica of {0}"},
    {"replica-paused", "S R", "the replica record at S exists and is paused", "replication from {0} to {1} is paused"},
    {"upstream-listed", "R S", "R records S as its upstream", "{1} is listed as an upstream of {0}"},
    {"upstream-absent", "R S", "R does not record S as its upstream", "{1} is not listed as an upstream of {0}"},
    {"upstream-and-replica", "S R", "both records of the agreement exist and name each other's identity",
     "{0} and {1} have both agreed to replicate from the first to the second"},
    {"leftover-of", "R S",
     "R accepts no upstream other than S and feeds nobody; where it accepts not even S, it holds nothing",
     "{0} accepts no upstream other than {1} (or none, and is empty) and feeds nobody"},
    {"link-state", "S R STATE", "the link from S to R is in STATE", "the link from {0} to {1} is {2}"},
    {"link-healthy", "S R", "replicating, not paused and without error",
     "replication from {0} to {1} runs without error"},
    {"caught-up", "S R",
     "R has applied all that S wrote since it records R as its replica, up to the question, and the link is not "
     "paused; "
     "rows from before come by autosetup, CopyTable or load, and same-data looks at every row",
     "{1} has caught up with {0}"},
    {"same-data", "A B", "every row of A and B is equal, compared now; flaps while clients write",
     "{0} and {1} hold equal data"},
    {"family-exists", "P F", "dataset P has column family F", "{0} has the column family {1}"},
    {"family-absent", "P F", "dataset P exists and has no column family F", "{0} has no column family {1}"},
    {"replicates-family", "S R F", "what S sends to R includes family F",
     "the column family {2} is replicated from {0} to {1}"},
    {"whole-table", "S R", "S sends R every column", "the whole table is replicated from {0} to {1}"},
    {"subset", "S R", "S sends R only named families or columns", "a subset of columns is replicated from {0} to {1}"},
    {"readable", "P", "the acting user can read P now", "{0} can be read"},
    {"writable", "P", "the acting user can write P now", "{0} can be written"},
    {"has-permission", "P PERM", "the acting user holds PERM on P", "the acting user has {1} on {0}"},
    {"topic-exists", "P TOPIC", "stream P has a topic of this name", "{0} has the topic {1}"},
    {"topics-apart", "A B", "no topic was produced at both A and B; a stream that does not exist has no messages",
     "{0} and {1} share no topic that is produced at both"},
    {"gateways-reachable", "FROMCLUSTER TOCLUSTER", "a gateway of TOCLUSTER answers FROMCLUSTER",
     "{0} reaches a gateway of {1}"},
    {"not-in-bulkload", "P", "P takes normal operations", "{0} is not in bulk load mode"},
    {"no-alarm", "CLUSTER ALARM", "ALARM is not raised in CLUSTER", "alarm {1} is not raised in {0}"},
    {"dataset-is", "P UUID", "the dataset at path P has this identity: nobody made another in its place",
     "{0} is the dataset with uuid {1}"},
    {"table-has", "P OPTION VALUE",
     "table or stream P has VALUE for an option of table edit or stream edit: deletettl (seconds), bulkload, ttl, a "
     "permission",
     "{0} has {1} {2}"},
    {"family-has", "P F OPTION VALUE", "family F of P has VALUE for an option of table cf edit; a ttl of 0 is for ever",
     "family {1} of {0} has {2} {3}"},
    {"replica-has", "S R OPTION VALUE",
     "the replica record at S has VALUE for an option of table replica edit, or for paused; columns '' are all",
     "{0} feeds {1} with {2} {3}"},
    {"only-here", "P F ROWS",
     "at most ROWS rows of P (with cells in family F; * stands for any) exist nowhere else now",
     "at most {2} rows of {0} exist nowhere else (families: {1})"},
    {"rows-at-most", "P F ROWS", "P holds at most ROWS rows (with cells in family F; * stands for any)",
     "{0} holds at most {2} rows (families: {1})"},
    {"gateway-open", "CLUSTER GATEWAY", "GATEWAY of CLUSTER runs", "gateway {1} of {0} is open"},
    {"gateways-set", "CLUSTER TOCLUSTER GATEWAYS",
     "what cluster gateway set recorded in CLUSTER for TOCLUSTER is this list; '' is no record",
     "{0} has the gateways '{2}' recorded for {1}"},
};

/// The options that NAME-has knows: what it does not know is never as wished, and a slip must not look like a no.
const std::vector<std::string>& optionsOf(std::string_view check) {
    static const std::vector<std::string> kNone;
    static const std::vector<std::string> kTable{"deletettl",
                                                 "bulkload",
                                                 "autosplit",
                                                 "audit",
                                                 "regionsizemb",
                                                 "metricsinterval",
                                                 "packperm",
                                                 "bulkloadperm",
                                                 "splitmergeperm",
                                                 "createrenamefamilyperm",
                                                 "deletefamilyperm",
                                                 "adminaccessperm",
                                                 "replperm",
                                                 "indexperm",
                                                 "defaultversionperm",
                                                 "defaultcompressionperm",
                                                 "defaultmemoryperm",
                                                 "defaultreadperm",
                                                 "defaultwriteperm",
                                                 "defaultappendperm",
                                                 "defaulttraverseperm",
                                                 "ttl",
                                                 "autocreate",
                                                 "defaultpartitions",
                                                 "compression",
                                                 "produceperm",
                                                 "consumeperm",
                                                 "topicperm",
                                                 "copyperm",
                                                 "adminperm"};
    static const std::vector<std::string> kFamily{
        "maxversions", "minversions", "ttl",        "inmemory",   "compression",    "versionperm",
        "readperm",    "writeperm",   "appendperm", "memoryperm", "compressionperm"};
    static const std::vector<std::string> kReplica{
        "columns", "paused", "synchronous", "throttle", "networkencryption", "networkcompression"};
    if (check == "table-has") return kTable;
    if (check == "family-has") return kFamily;
    return check == "replica-has" ? kReplica : kNone;
}

}  // namespace

std::vector<CheckSpec> maprChecks() {
    std::vector<CheckSpec> checks;
    for (const RawCheck& raw : kChecks) {
        CheckSpec spec{raw.name, {}, raw.meaning, raw.phrase, optionsOf(raw.name)};
        if (raw.name == "same-data") spec.alsoStarts = "hbase";
        spec.standing = raw.name == "has-permission" || raw.name == "gateways-reachable";
        for (std::string_view rest = raw.arguments; !rest.empty();) {
            const std::size_t blank = rest.find(' ');
            spec.arguments.push_back(rest.substr(0, blank));
            rest = blank == std::string_view::npos ? std::string_view() : rest.substr(blank + 1);
        }
        checks.push_back(std::move(spec));
    }
    return checks;
}

std::vector<ClosedArgument> maprClosedArguments() {
    static const std::vector<std::string> kPermissions{
        "readperm",        "writeperm",   "replperm",    "bulkloadperm", "createrenamefamilyperm",
        "adminaccessperm", "produceperm", "consumeperm", "topicperm",    "copyperm",
        "adminperm"};
    static const std::vector<std::string> kStates{"replicating",       "paused",      "copying", "scheduled",
                                                  "agreement-missing", "unreachable", "error"};
    return {{"PERM", kPermissions}, {"STATE", kStates}};
}

}  // namespace tributary::runbooks
