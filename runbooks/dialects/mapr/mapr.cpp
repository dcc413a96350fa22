// Tools of JSON tables and of streams; those that are not carried are refused by name.
#include "runbooks/dialects/mapr/mapr.h"

#include <algorithm>
#include <array>

#include "runbooks/dialects/maprcli/maprtool.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

RefusedRow notCarried(const std::string& tool) {
    return {
        {tool}, "'mapr " + tool + "' is not carried by this version", "a stream: mapr copystream, produce, consume"};
}

CommandTable maprCommands() {
    CommandTable table;
    table.rows = {
        {Verb::JsonCopyTable,
         {"copytable"},
         true,
         "-src /mapr/sanfrancisco/people -dst /mapr/newyork/people -bulkload false -mapreduce false",
         {}},
        {Verb::JsonDiffTables,
         {"difftables"},
         true,
         "-src /mapr/sanfrancisco/people -dst /mapr/newyork/people -outdir /tmp/diff -mapreduce false",
         {}},
        {Verb::JsonDiffTablesWithCrc,
         {"difftableswithcrc"},
         true,
         "-src /mapr/sanfrancisco/people -dst /mapr/newyork/people -outdir /tmp/diff",
         {}},
        {Verb::JsonImport,
         {"importJSON"},
         true,
         "-src people.json -dst /mapr/sanfrancisco/people -mapreduce false",
         {}},
        {Verb::JsonExport,
         {"exportJSON"},
         true,
         "-src /mapr/sanfrancisco/people -dst people.json -mapreduce false",
         {}},
        {Verb::CopyStream,
         {"copystream"},
         true,
         "-src /mapr/sanfrancisco/activity -dst /mapr/newyork/activity -mapreduce false",
         {}},
        {Verb::DiffStreams,
         {"diffstreams"},
         true,
         "-src /mapr/sanfrancisco/activity -dst /mapr/newyork/activity -mapreduce false",
         {}},
        {Verb::DiffStreamsWithCrc,
         {"diffstreamswithcrc"},
         true,
         "-src /mapr/sanfrancisco/activity -dst /mapr/newyork/activity -mapreduce false",
         {}},
        {Verb::PerfProducer,
         {"perfproducer"},
         true,
         "-path /mapr/sanfrancisco/activity -ntopics 2 -npart 4 -nmsgs 100000 -rr true",
         {}},
        {Verb::PerfConsumer, {"perfconsumer"}, true, "-path /mapr/sanfrancisco/activity -ntopics 2 -npart 4", {}},
        {Verb::StreamAnalyzer, {"streamanalyzer"}, true, "-path /mapr/sanfrancisco/activity -printmessages true", {}},
    };
    const std::string files = "files of the vendor's own form are not carried by this version";
    table.refused = {
        {{"dbshell"}, "mapr dbshell is a shell for people, and no step of a runbook", "tributary mapr dbshell --help"},
        {{"exporttable"}, files, "mapr exportJSON -src <table> -dst <file>"},
        {{"importtable"}, files, "mapr importJSON -src <file> -dst <table>"},
        {{"formatresult"}, "mapr difftables writes readable lines here: there is nothing to format", {}},
        notCarried("exportstream"),
        notCarried("importstream"),
    };
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
            "mapr for JSON tables and streams",
            "mapr copytable -src <table> -dst <table>",
            "  mapr <tool> [-option value]...\n      copytable, difftables, importJSON and exportJSON for JSON tables; "
            "copystream, diffstreams, perfproducer, perfconsumer and streamanalyzer for streams; "
            "mapr dbshell at a terminal\n",
            kMaprDatasets};
}

class Mapr : public MaprTool {
public:
    Mapr() : MaprTool(aboutMapr(), maprCommands()) {}
    /// `mapr` is a user and a folder as well.
    [[nodiscard]] bool isMention(std::string_view rest) const override {
        static constexpr std::array<std::string_view, 17> kTools{
            "copytable",    "copystream",   "difftables",     "difftableswithcrc", "diffstreams",  "diffstreamswithcrc",
            "dbshell",      "exporttable",  "importtable",    "exportstream",      "importstream", "formatresult",
            "perfproducer", "perfconsumer", "streamanalyzer", "importJSON",        "exportJSON"};
        return std::find(kTools.begin(), kTools.end(), wordBehindBlank(rest)) != kTools.end();
    }
    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        if (op.verb == Verb::JsonCopyTable) return shapeOfCopy(op);
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
