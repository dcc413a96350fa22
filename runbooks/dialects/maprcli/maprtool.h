// Private to runbooks/dialects: what the programs of this system have in common, how they print above all.
#pragma once

#include <algorithm>

#include "runbooks/dialects/maprcli/output.h"
#include "runbooks/dialects/options/optiondialect.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {

/// How the commands of this system name datasets: tables and streams lie at global paths.
inline constexpr DatasetWords kMaprDatasets{"a table or stream", "/mapr/CLUSTER/PATH", "C of /mapr/C/PATH", "/mapr/"};

class MaprTool : public OptionDialect {
public:
    MaprTool(DialectWords words, CommandTable table) : OptionDialect(std::move(table)), words_(std::move(words)) {}

    [[nodiscard]] const DialectWords& words() const override { return words_; }
    [[nodiscard]] std::string render(const Operation& op, const Outcome& outcome, Millis nowMs,
                                     int tzOffsetMinutes) const override {
        return runbooks::render(op, outcome, nowMs, tzOffsetMinutes);
    }
    [[nodiscard]] RenderedError renderError(const Operation& op, const Error& error, Millis nowMs,
                                            int tzOffsetMinutes) const override {
        return runbooks::renderError(op, error, nowMs, tzOffsetMinutes);
    }
    [[nodiscard]] RenderedError renderError(const std::vector<std::string>& words, const Error& error, Millis nowMs,
                                            int tzOffsetMinutes) const override {
        return runbooks::renderError(commandName(words), words, error, nowMs, tzOffsetMinutes);
    }
    [[nodiscard]] std::string parameterTypeOf(const std::string& option) const override {
        static const std::vector<std::string> kPaths{"path", "replica",      "upstream",  "src",
                                                     "dst",  "copymetafrom", "newreplica"};
        if (std::find(kPaths.begin(), kPaths.end(), option) != kPaths.end()) return "path";
        if (option == "cfname") return "family";
        return option == "columns" ? "columns" : "text";
    }

protected:
    /// A copy of one table over another.
    [[nodiscard]] static StepShape shapeOfCopy(const Operation& op) {
        const std::string src = quoteTemplateWord(op.text("src"));
        const std::string dst = quoteTemplateWord(op.text("dst"));
        StepShape shape =
            shapeOfLook("copy-table", "Load " + dst + " with what " + src + " holds", "not-in-bulkload " + dst);
        shape.timeout = "12h";
        return shape;
    }

private:
    DialectWords words_;
};

}  // namespace tributary::runbooks
