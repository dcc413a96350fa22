// One refusal for every tool.
#include "runbooks/dialects/mapr/mapr.h"

#include <algorithm>
#include <array>

#include "runbooks/dialects/maprcli/maprtool.h"

namespace tributary::runbooks {
namespace {

CommandTable maprCommands() {
    return {{},
            {{{},
              "of the 'mapr' tools, this version carries dbshell",
              "mapr dbshell reads and writes documents; table replica autosetup copies a table"}}};
}

DialectWords aboutMapr() {
    return {"mapr", "maprdb", "", "mapr copytable -src <table> -dst <table>", "", kMaprDatasets};
}

class Mapr : public MaprTool {
public:
    Mapr() : MaprTool(aboutMapr(), maprCommands()) {}
    /// `mapr` is a user and a folder as well.
    [[nodiscard]] bool isMention(std::string_view rest) const override {
        static constexpr std::array<std::string_view, 16> kTools{
            "copytable",    "copystream",   "difftables",     "difftableswithcrc", "diffstreams",  "diffstreamswithcrc",
            "dbshell",      "exporttable",  "importtable",    "exportstream",      "importstream", "formatresult",
            "perfproducer", "perfconsumer", "streamanalyzer", "importJSON"};
        return std::find(kTools.begin(), kTools.end(), wordBehindBlank(rest)) != kTools.end();
    }
};

}  // namespace

const Dialect& mapr() {
    static const Mapr kMapr;
    return kMapr;
}

}  // namespace tributary::runbooks
