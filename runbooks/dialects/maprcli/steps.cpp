// Steps of imported maprcli commands: one branch per kind.
#include "runbooks/dialects/maprcli/steps.h"

#include <optional>

#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

StepShape doing(const std::string& id, const std::string& title, const std::string& doneWhen, const std::string& undo) {
    StepShape shape;
    shape.id = id;
    shape.title = title;
    shape.doneWhen = doneWhen;
    shape.verify = {doneWhen};
    shape.undo = undo;
    return shape;
}

StepShape finalDeed(const std::string& id, const std::string& title, const std::string& doneWhen,
                    const std::string& reason, const std::string& name) {
    StepShape shape = doing(id, title, doneWhen, {});
    shape.irreversible = reason;
    shape.approvalName = name;
    return shape;
}

/// `of`: "maprcli table replica", "maprcli stream replica".
StepShape replicaShape(const Operation& op, const std::string& path, const std::string& replica,
                       const std::string& of) {
    const std::string pair = path + " " + replica;
    const std::string options = " -path " + path + " -replica " + replica;
    switch (op.verb) {
        case Verb::StreamReplicaAdd:
        case Verb::ReplicaAdd: {
            StepShape shape = doing("register-replica", "Register " + replica + " as a replica of " + path,
                                    "replica-listed " + pair, of + " remove" + options);
            if (op.flag("paused")) shape.verify.push_back("replica-paused " + pair);
            if (!op.flag("paused")) shape.arrival = "caught-up " + pair;
            return shape;
        }
        case Verb::StreamReplicaAutosetup:
        case Verb::ReplicaAutosetup: {
            StepShape shape = doing("autosetup", "Set up " + replica + " as a replica of " + path,
                                    "replica-listed " + pair, of + " remove" + options);
            shape.verify = {"link-healthy " + pair};
            shape.arrival = "caught-up " + pair;
            shape.verifyWithin = "12h";
            return shape;
        }
        case Verb::StreamReplicaPause:
        case Verb::ReplicaPause:
            return doing("pause", "Pause replication from " + path + " to " + replica, "replica-paused " + pair,
                         of + " resume" + options);
        case Verb::StreamReplicaResume:
        case Verb::ReplicaResume: {
            StepShape shape = doing("resume", "Start replication from " + path + " to " + replica,
                                    "link-healthy " + pair, of + " pause" + options);
            shape.arrival = "caught-up " + pair;
            shape.verifyWithin = "5m";
            return shape;
        }
        case Verb::StreamReplicaRemove:
        case Verb::ReplicaRemove:
            return finalDeed("remove-replica", "Remove " + replica + " from the replicas of " + path,
                             "replica-absent " + pair, "the options of the record are not known here", {});
        default: {
            StepShape shape = finalDeed("edit-replica", "Change the replica " + replica + " of " + path, {},
                                        "the earlier settings are not known here", {});
            shape.verify = {"replica-listed " + pair};
            return shape;
        }
    }
}

StepShape authorize(const std::string& path, const std::string& upstream, const std::string& of) {
    return doing("authorize-source", "Let " + path + " accept " + upstream, "upstream-listed " + path + " " + upstream,
                 of + " remove -path " + path + " -upstream " + upstream);
}

StepShape disown(const std::string& path, const std::string& upstream, const std::string& of) {
    return doing("remove-upstream", path + " stops accepting " + upstream, "upstream-absent " + path + " " + upstream,
                 of + " add -path " + path + " -upstream " + upstream);
}

/// Of streams; nothing for other commands.
std::optional<StepShape> streamShape(const Operation& op, const std::string& path) {
    const auto value = [&](const char* name) { return quoteTemplateWord(op.text(name)); };
    switch (op.verb) {
        case Verb::StreamCreate:
            return doing("create-stream", "Create " + path, "dataset-exists " + path,
                         "maprcli stream delete -path " + path);
        case Verb::StreamDelete:
            return finalDeed("delete-stream", "Delete " + path, "dataset-absent " + path,
                             "the messages of " + path + " are gone", op.text("path"));
        case Verb::StreamInfo:
        case Verb::StreamTopicList:
        case Verb::StreamTopicInfo:
        case Verb::StreamCursorList: return shapeOfLook("look-at-stream", "Look at " + path, "dataset-exists " + path);
        case Verb::StreamTopicCreate:
            return doing("create-topic", "Make the topic " + value("topic") + " of " + path,
                         "topic-exists " + path + " " + value("topic"),
                         "maprcli stream topic delete -path " + path + " -topic " + value("topic"));
        case Verb::StreamTopicDelete: {
            const std::string topic = value("topic");
            StepShape shape = finalDeed("delete-topic", "Delete the topic " + topic + " of " + path, {},
                                        "the messages of the topic " + topic + " are gone", op.text("topic"));
            shape.verify = {"dataset-exists " + path};
            return shape;
        }
        case Verb::StreamReplicaAdd:
        case Verb::StreamReplicaAutosetup:
        case Verb::StreamReplicaEdit:
        case Verb::StreamReplicaPause:
        case Verb::StreamReplicaResume:
        case Verb::StreamReplicaRemove: return replicaShape(op, path, value("replica"), "maprcli stream replica");
        case Verb::StreamUpstreamAdd: return authorize(path, value("upstream"), "maprcli stream upstream");
        case Verb::StreamUpstreamRemove: return disown(path, value("upstream"), "maprcli stream upstream");
        default: return {};
    }
}

}  // namespace

StepShape maprcliShape(const Operation& op) {
    const auto value = [&](const char* name) { return quoteTemplateWord(op.text(name)); };
    const std::string path = value("path");
    const std::string family = value("cfname");
    switch (op.verb) {
        case Verb::TableCreate:
            return doing("create-table", "Create " + path, "dataset-exists " + path,
                         "maprcli table delete -path " + path);
        case Verb::TableDelete:
            return finalDeed("delete-table", "Delete " + path, "dataset-absent " + path,
                             "the rows of " + path + " are gone", op.text("path"));
        case Verb::TableInfo: return shapeOfLook("look-at-table", "Look at " + path, "dataset-exists " + path);
        case Verb::CfList:
            return shapeOfLook("list-families", "Look at the families of " + path, "dataset-exists " + path);
        case Verb::StreamReplicaList:
        case Verb::ReplicaList:
            return shapeOfLook("list-replicas", "The right replicas of " + path + " are registered",
                               "dataset-exists " + path);
        case Verb::StreamUpstreamList:
        case Verb::UpstreamList:
            return shapeOfLook("list-upstreams", "The right upstreams of " + path + " are registered",
                               "dataset-exists " + path);
        case Verb::CfCreate:
            return doing("create-family", "Create the family " + family + " of " + path,
                         "family-exists " + path + " " + family,
                         "maprcli table cf delete -path " + path + " -cfname " + family);
        case Verb::CfDelete:
            return finalDeed("delete-family", "Delete the family " + family + " of " + path,
                             "family-absent " + path + " " + family, "the cells of " + family + " are gone",
                             op.text("cfname"));
        case Verb::ReplicaAdd:
        case Verb::ReplicaAutosetup:
        case Verb::ReplicaEdit:
        case Verb::ReplicaPause:
        case Verb::ReplicaResume:
        case Verb::ReplicaRemove: return replicaShape(op, path, value("replica"), "maprcli table replica");
        case Verb::UpstreamAdd: return authorize(path, value("upstream"), "maprcli table upstream");
        case Verb::UpstreamRemove: return disown(path, value("upstream"), "maprcli table upstream");
        default: return streamShape(op, path).value_or(shapeByHand(op));
    }
}

}  // namespace tributary::runbooks
