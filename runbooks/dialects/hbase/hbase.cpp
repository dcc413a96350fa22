// The table of classes, and their names in errors. Answers look like those of maprcli.
#include "runbooks/dialects/hbase/hbase.h"

#include "core/base/text.h"
#include "runbooks/dialects/maprcli/maprtool.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

struct HbaseRow {
    Verb verb;
    const char* words;
    const char* example;
};

constexpr HbaseRow kClasses[] = {
    {Verb::CopyTable, "com.mapr.fs.hbase.tools.mapreduce.CopyTable",
     "-src /mapr/sanfrancisco/customers -dst /mapr/newyork/customers -mapreduce false"},
    {Verb::DiffTables, "com.mapr.fs.hbase.tools.mapreduce.DiffTables",
     "-src /mapr/sanfrancisco/customers -dst /mapr/newyork/customers -outdir /tmp/diff -mapreduce false"},
    {Verb::DiffTablesWithCrc, "com.mapr.fs.hbase.tools.mapreduce.DiffTablesWithCrc",
     "-src /mapr/sanfrancisco/customers -dst /mapr/newyork/customers -outdir /tmp/diff"},
};

// The package name of release 5.0 (maprdb.md section 1.8).
constexpr HbaseRow kOldClasses[] = {
    {Verb::CopyTable, "com.mapr.fs.hbase.mapreduce.CopyTable", ""},
    {Verb::DiffTables, "com.mapr.fs.hbase.mapreduce.DiffTables", ""},
    {Verb::DiffTablesWithCrc, "com.mapr.fs.hbase.mapreduce.DiffTablesWithCrc", ""},
};

CommandTable hbaseCommands() {
    CommandTable table;
    for (const HbaseRow& raw : kClasses) table.rows.push_back({raw.verb, split(raw.words, ' '), true, raw.example, {}});
    for (const HbaseRow& raw : kOldClasses) {
        table.rows.push_back({raw.verb, split(raw.words, ' '), false, raw.example, "is the name of release 5.0"});
    }
    table.refused = {
        {{"shell"}, "the HBase shell is not carried by this version", "tributary put, get and scan"},
    };
    return table;
}

DialectWords aboutHbase() {
    return {
        "hbase",
        "maprdb",
        "hbase for CopyTable and DiffTables",
        "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src <table> -dst <table>",
        "  hbase <class> [-option value]...\n      CopyTable, DiffTables and DiffTablesWithCrc for binary tables\n",
        kMaprDatasets,
    };
}

/// A page that names the copy tool in prose gives no line for it; without the copy, old rows never arrive.
std::optional<Operation> copyBefore(const Operation& next) {
    if (next.verb != Verb::ReplicaResume) return {};
    Operation copy = next;
    copy.verb = Verb::CopyTable;
    copy.params = {
        {"src", next.text("path")}, {"dst", next.text("replica")}, {"bulkload", "false"}, {"mapreduce", "false"}};
    return copy;
}

class Hbase : public MaprTool {
public:
    Hbase() : MaprTool(aboutHbase(), hbaseCommands()) {}

    /// A class name, of which only the last part says anything.
    [[nodiscard]] std::string commandName(const std::vector<std::string>& words) const override {
        const bool named = words.size() > 1 && !words[1].starts_with('-');
        return named ? words[1].substr(words[1].find_last_of('.') + 1) : MaprTool::commandName(words);
    }
    [[nodiscard]] bool isMention(std::string_view rest) const override {
        const std::string_view word = wordBehindBlank(rest);
        return word == "shell" || word.starts_with("com.") || word.starts_with("org.");
    }
    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        return op.verb == Verb::CopyTable ? shapeOfCopy(op) : shapeByHand(op);
    }
    [[nodiscard]] std::vector<ProseCommand> proseCommands() const override {
        return {{"CopyTable utility",
                 "the text names the CopyTable utility without a line; the step copy-table was written for it",
                 [](const Operation& op) { return op.verb == Verb::CopyTable; }, copyBefore}};
    }
};

}  // namespace

const Dialect& hbase() {
    static const Hbase kHbase;
    return kHbase;
}

}  // namespace tributary::runbooks
