// The rows, and their steps.
#include "runbooks/dialects/instance/instance.h"

#include "runbooks/dialects/positional/worddialect.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/dialects/tt/instances.h"

namespace tributary::runbooks {
namespace {

DialectWords aboutInstance() {
    DialectWords words{
        "instance", "tarantool", "instance", "instance set master_master:instance002 database.mode ro",
        "  instance <verb> APP:INSTANCE ...\n      edits config.yaml and instances.yml, deletes and saves "
        "data of an instance\n"};
    words.datasets = kInstanceDatasets;
    words.starts = "tt";
    return words;
}

WordTable instanceTable() {
    const auto row = [](Verb verb, const char* word, std::vector<std::string> positions, const char* rest) {
        positions.insert(positions.begin(), "instance");
        return WordRow{verb, {word}, std::move(positions), {}, std::string(word) + " master_master:" + rest};
    };
    return {{row(Verb::InstanceSet, "set", {"key", "value"}, "instance002 database.mode ro"),
             row(Verb::InstanceUnset, "unset", {"key"}, "instance002 database.instance_uuid"),
             row(Verb::InstancePinUuid, "pin-uuid", {"other"}, "instance002 master_master:instance001"),
             row(Verb::InstanceAdd, "add", {"like", "listen", "mode"},
                 "instance003 master_master:instance001 127.0.0.1:3303 rw"),
             row(Verb::InstanceRemove, "remove", {}, "instance003"), row(Verb::InstanceWipe, "wipe", {}, "instance002"),
             row(Verb::InstanceSaveRows, "save-rows", {"other", "file"},
                 "instance002 master_master:instance001 rows.jsonl")}};
}

class Instance : public WordDialect {
public:
    Instance() : WordDialect(aboutInstance(), instanceTable()) {}

    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        const std::string one = quoteTemplateWord(op.text("instance"));
        StepShape shape;
        switch (op.verb) {
            case Verb::InstanceSet:
            case Verb::InstanceUnset: {
                const std::string key = quoteTemplateWord(op.text("key"));
                const std::string value = quoteTemplateWord(op.text("value"));
                shape.id = "configure";
                shape.title = op.verb == Verb::InstanceSet ? "Give " + one + " " + key + " " + value
                                                           : "Take " + key + " of " + one + " out";
                shape.doneWhen = "config-has " + one + " " + key + " " + (value.empty() ? "''" : value);
                shape.verify = {shape.doneWhen};
                shape.irreversible = "the earlier value is not known here";
                return shape;
            }
            case Verb::InstancePinUuid:
                shape.id = "pin-uuid";
                shape.title = "Pin the uuid of " + one;
                shape.doneWhen = "uuid-pinned " + one + " " + quoteTemplateWord(op.text("other"));
                shape.verify = {shape.doneWhen};
                shape.undo = "instance unset " + one + " database.instance_uuid";
                return shape;
            case Verb::InstanceAdd:
                shape.id = "add-instance";
                shape.title = "Configure " + one;
                shape.doneWhen = "configured " + one;
                shape.verify = {shape.doneWhen};
                shape.undo = "instance remove " + one;
                return shape;
            case Verb::InstanceRemove:
                shape.id = "remove-instance";
                shape.title = "Take " + one + " out of the configuration";
                shape.doneWhen = "not-configured " + one;
                shape.verify = {shape.doneWhen};
                shape.irreversible = "the earlier options are not known here";
                return shape;
            case Verb::InstanceWipe:
                shape.id = "wipe";
                shape.title = "Delete snapshots and logs of " + one;
                shape.doneWhen = "data-absent " + one;
                shape.verify = {shape.doneWhen};
                shape.irreversible = "what only " + one + " held is gone";
                shape.approvalName = op.text("instance");
                return shape;
            default: return shapeOfLook("save-rows", "Save rows of " + one, "instance-runs " + one);
        }
    }

protected:
    [[nodiscard]] Status examine(const Operation& op) const override {
        for (const char* parameter : {"instance", "other", "like"}) {
            if (!op.has(parameter)) continue;
            if (Status named = requireInstance(op, parameter); !named) return named;
        }
        return okStatus();
    }
};

}  // namespace

const Dialect& instanceLines() {
    static const Instance kInstance;
    return kInstance;
}

}  // namespace tributary::runbooks
