// Tools for streams; those that are not carried are refused by name.
#include "runbooks/dialects/mapr/mapr.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/base/text.h"
#include "runbooks/dialects/maprcli/maprtool.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

constexpr std::array<std::string_view, 16> kTools{
    "copytable",    "copystream",   "difftables",     "difftableswithcrc", "diffstreams",  "diffstreamswithcrc",
    "dbshell",      "exporttable",  "importtable",    "exportstream",      "importstream", "formatresult",
    "perfproducer", "perfconsumer", "streamanalyzer", "importJSON"};

struct MaprRow {
    Verb verb;
    std::string_view tool;
    std::string_view example;
};
constexpr MaprRow kCarried[] = {
    {Verb::CopyStream, "copystream", "-src /mapr/sanfrancisco/activity -dst /mapr/newyork/activity -mapreduce false"},
};

CommandTable maprCommands() {
    CommandTable table;
    for (const MaprRow& row : kCarried) {
        table.rows.push_back({row.verb, {std::string(row.tool)}, true, std::string(row.example), {}});
    }
    for (const std::string_view tool : kTools) {
        const std::string name = toLower(tool);
        const auto carries = [&](const MaprRow& row) { return row.tool == name; };
        if (std::any_of(std::begin(kCarried), std::end(kCarried), carries)) continue;
        if (name == "dbshell") {
            table.refused.push_back({{name},
                                     "'mapr dbshell' is a console, and no command of one line",
                                     "at a terminal: tributary mapr dbshell"});
            continue;
        }
        table.refused.push_back(
            {{name},
             "'mapr " + std::string(tool) + "' is not carried by this version",
             "a stream: mapr copystream; a binary table: hbase "
             "com.mapr.fs.hbase.tools.mapreduce.CopyTable, and DiffTables; documents: mapr dbshell"});
    }
    return table;
}

/// A page that names the copy tool in prose gives no line for it; without the copy, old messages never arrive.
std::optional<Operation> copyStreamBefore(const Operation& next) {
    if (next.verb != Verb::StreamReplicaResume) return {};
    Operation copy = next;
    copy.verb = Verb::CopyStream;
    copy.params = {{"src", next.text("path")}, {"dst", next.text("replica")}, {"mapreduce", "false"}};
    return copy;
}

DialectWords aboutMapr() {
    return {"mapr",
            "maprdb",
            "mapr for copystream",
            "mapr copystream -src <stream> -dst <stream>",
            "  mapr <tool> [-option value]...\n      copystream for streams\n",
            kMaprDatasets};
}

class Mapr : public MaprTool {
public:
    Mapr() : MaprTool(aboutMapr(), maprCommands()) {}
    /// `mapr` is a user and a folder as well.
    [[nodiscard]] bool isMention(std::string_view rest) const override {
        return std::find(kTools.begin(), kTools.end(), wordBehindBlank(rest)) != kTools.end();
    }
    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        if (op.verb != Verb::CopyStream) return shapeByHand(op);
        const std::string src = quoteTemplateWord(op.text("src"));
        const std::string dst = quoteTemplateWord(op.text("dst"));
        StepShape shape = shapeOfLook("copy-stream", "Load " + dst + " with what " + src + " holds", "readable " + dst);
        shape.timeout = "12h";
        return shape;
    }
    [[nodiscard]] std::vector<ProseCommand> proseCommands() const override {
        return {{"mapr copystream utility",
                 "the text names the mapr copystream utility without a line; the step copy-stream was written for it",
                 [](const Operation& op) { return op.verb == Verb::CopyStream; }, copyStreamBefore}};
    }
};

}  // namespace

const Dialect& mapr() {
    static const Mapr kMapr;
    return kMapr;
}

}  // namespace tributary::runbooks
