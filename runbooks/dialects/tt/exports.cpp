// How a person asks what a check asks, and what a script cannot ask in full.
#include "runbooks/dialects/tt/exports.h"

namespace tributary::runbooks {
namespace {

constexpr std::string_view kReplication = "echo 'box.info.replication' | tt connect {0} -f-";

}  // namespace

ExportWords instanceExports() {
    ExportWords words;
    words.lookups = {
        {"instance-runs", "tt status {0}", "RUNNING"},
        {"instance-stopped", "tt status {0}", "NOT RUNNING"},
        {"instance-ready", "echo 'box.info.status' | tt connect {0} -f-", "running"},
        {"read-write", "echo 'box.info.ro' | tt connect {0} -f-", "false"},
        {"read-only", "echo 'box.info.ro' | tt connect {0} -f-", "true"},
        {"follows", kReplication, "upstream status follow in the entry of {1}"},
        {"upstream-stopped", kReplication, "upstream status stopped in the entry of {1}, with its message"},
        {"no-upstream", kReplication, "no upstream in the entry of {1}"},
        {"sends-to", kReplication, "downstream status follow in the entry of {1}"},
        {"caught-up", "echo 'box.info.vclock' | tt connect {0} -f-",
         "no component above that of {1}; component 0 does not count"},
        {"same-data", "echo 'box.space.NAME:select()' | tt connect {0} -f-",
         "for every space the rows that {1} shows; equal clocks are not enough"},
        {"rows-only-here", "echo 'box.space.NAME:select()' | tt connect {0} -f-",
         "at most {2} rows that {1} does not show"},
        {"registered", "echo 'box.space._cluster:select()' | tt connect {1} -f-", "a row of {0}"},
        {"not-registered", "echo 'box.space._cluster:select()' | tt connect {1} -f-", "no row of {0}"},
        {"member-id", "echo 'box.space._cluster:select()' | tt connect {1} -f-", "for {0} the id {2}"},
        {"uuid-pinned", "echo 'box.space._cluster:select()' | tt connect {1} -f-",
         "for {0} the uuid that config.yaml gives it as database.instance_uuid"},
        {"no-third-peer-ahead", "echo 'box.info.vclock' | tt connect {1} -f-",
         "for the id of {0} a number that no other instance exceeds"},
        {"config-has", "cat instances.enabled/*/config.yaml", "for {0} {1} {2}"},
        {"configured", "tt instances", "{0}"},
        {"not-configured", "tt instances", "no {0}"},
        {"data-absent", "ls instances.enabled/*/var/lib/*/*.snap instances.enabled/*/var/lib/*/*.xlog",
         "no file of {0}"},
    };
    words.losses = {
        {"same-data", "every space, in pages, by a hash of its rows",
         "rows are fetched whole and compared as text: for spaces that fit into one answer"},
        {"rows-only-here", "every space, in pages, with the keys of some rows",
         "rows are fetched whole and compared as text: for spaces that fit into one answer"},
        {"config-has", "values as YAML means them", "values as texts, without quotes, brackets and blanks"},
        {"no-third-peer-ahead", "every instance of the replica set in config.yaml",
         "the instances that _cluster names; one that does not answer is \"cannot tell\""},
    };
    words.failures = "by the exit code of the command, and by the error that a console answers";
    words.errors = "a console answers `- error: REASON`.";
    words.script = instanceScriptBlocks();
    words.checks = instanceCheckBlocks();
    return words;
}

}  // namespace tributary::runbooks
