// The dialect of maprcli, put together.
#include "runbooks/dialects/maprcli/maprcli.h"

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/maprcli/checks.h"
#include "runbooks/dialects/maprcli/commands.h"
#include "runbooks/dialects/maprcli/exports.h"
#include "runbooks/dialects/maprcli/maprtool.h"
#include "runbooks/dialects/maprcli/steps.h"

namespace tributary::runbooks {
namespace {

DialectWords aboutMaprcli() {
    return {
        "maprcli",
        "maprdb",
        "maprcli",
        "maprcli table replica list -path <table>",
        "  maprcli <object> <verb> [-option value]...\n      administration of tables, replication, gateways, "
        "alarms\n",
        kMaprDatasets,
        maprChecks(),
        maprClosedArguments(),
        maprExports(),
    };
}

class Maprcli : public MaprTool {
public:
    Maprcli() : MaprTool(aboutMaprcli(), maprcliCommands()) {}

    [[nodiscard]] bool opens(const std::string& word) const override {
        const std::vector<std::string> objects = table().nextWords({});
        return word == "stream" || std::find(objects.begin(), objects.end(), word) != objects.end();
    }
    [[nodiscard]] bool isMention(std::string_view rest) const override {
        return rest.empty() || std::string_view(" \t\n\r\"'`\\").find(rest[0]) != rest.npos ||
               static_cast<unsigned char>(rest[0]) >= 0x80;
    }
    [[nodiscard]] StepShape shapeOf(const Operation& op) const override { return maprcliShape(op); }
};

}  // namespace

const Dialect& maprcli() {
    static const Maprcli kMaprcli;
    return kMaprcli;
}

}  // namespace tributary::runbooks
