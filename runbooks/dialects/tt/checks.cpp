// What runbooks may ask of instances.
#include "runbooks/dialects/tt/checks.h"

namespace tributary::runbooks {
namespace {

struct RawCheck {
    std::string_view name;
    std::vector<std::string_view> arguments;
    std::string_view meaning;
    std::string_view phrase;
};

std::vector<RawCheck> rawChecks() {
    return {
        {"instance-runs", {"INSTANCE"}, "the process of INSTANCE runs; of an application: of each", "{0} runs"},
        {"instance-stopped", {"INSTANCE"}, "INSTANCE has no process; of an application: none has", "{0} is stopped"},
        {"instance-ready",
         {"INSTANCE"},
         "INSTANCE, or each of an application, answers, and is neither loading nor orphan",
         "{0} is up"},
        {"read-write", {"INSTANCE"}, "INSTANCE takes writes now (box.info.ro is false)", "{0} takes writes"},
        {"read-only", {"INSTANCE"}, "INSTANCE answers and takes no writes", "{0} is read-only"},
        {"follows",
         {"INSTANCE", "PEER"},
         "the upstream of INSTANCE from PEER is in the state follow",
         "{0} follows {1}"},
        {"upstream-stopped",
         {"INSTANCE", "PEER"},
         "the upstream of INSTANCE from PEER is stopped: it is not tried again until it is restarted",
         "{0} has stopped following {1}"},
        {"no-upstream", {"INSTANCE", "PEER"}, "INSTANCE has no upstream from PEER", "{0} does not follow {1}"},
        {"sends-to",
         {"INSTANCE", "PEER"},
         "the downstream of INSTANCE to PEER is in the state follow",
         "{0} sends to {1}"},
        {"caught-up",
         {"PEER", "INSTANCE"},
         "no row is behind: INSTANCE has every row that PEER had when asked, by their clocks without the component 0; "
         "equal clocks are not equal data",
         "{1} has every row of {0}"},
        {"same-data",
         {"INSTANCE", "PEER"},
         "every space of both holds equal rows, by count and a hash in primary key order, compared now; flaps while "
         "clients write",
         "{0} and {1} hold equal data"},
        {"rows-only-here",
         {"INSTANCE", "PEER", "ROWS"},
         "at most ROWS rows of INSTANCE are missing, or other ones, at PEER",
         "at most {2} rows of {0} are not at {1}"},
        {"registered", {"INSTANCE", "PEER"}, "_cluster at PEER has a row of INSTANCE", "{1} knows {0} as a member"},
        {"not-registered",
         {"INSTANCE", "PEER"},
         "_cluster at PEER has no row of INSTANCE",
         "{1} does not know {0} as a member"},
        {"member-id",
         {"INSTANCE", "PEER", "ID"},
         "_cluster at PEER knows INSTANCE by this id",
         "{1} knows {0} as member {2}"},
        {"uuid-pinned",
         {"INSTANCE", "PEER"},
         "database.instance_uuid of INSTANCE in config.yaml is the uuid under which PEER registered it",
         "config.yaml pins {0} to the uuid under which {1} knows it"},
        {"no-third-peer-ahead",
         {"INSTANCE", "PEER"},
         "no other instance of the replica set holds a later row of INSTANCE than PEER does, so that numbers it uses "
         "again mean the same everywhere",
         "no third instance has more of {0} than {1}"},
        {"config-has",
         {"INSTANCE", "KEY", "VALUE"},
         "the scope of INSTANCE in config.yaml gives KEY this VALUE; '' is no value",
         "config.yaml gives {0} {1} {2}"},
        {"configured", {"INSTANCE"}, "instances.yml and config.yaml name INSTANCE", "{0} is configured"},
        {"not-configured",
         {"INSTANCE"},
         "neither instances.yml nor config.yaml names INSTANCE",
         "{0} is not configured"},
        {"data-absent",
         {"INSTANCE"},
         "no snapshot and no log of INSTANCE lies in its var/lib",
         "{0} has no data on its disk"},
    };
}

}  // namespace

std::vector<CheckSpec> instanceChecks() {
    std::vector<CheckSpec> out;
    for (RawCheck& raw : rawChecks()) {
        CheckSpec spec;
        spec.name = raw.name;
        spec.arguments = std::move(raw.arguments);
        spec.meaning = raw.meaning;
        spec.phrase = raw.phrase;
        spec.standing = raw.name == "configured";
        out.push_back(std::move(spec));
    }
    return out;
}

}  // namespace tributary::runbooks
