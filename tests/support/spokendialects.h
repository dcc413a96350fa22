// The dialects that tests of runbooks speak, and the calls of runbooks with them, as the program itself makes them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runbooks/dialects/box/box.h"
#include "runbooks/dialects/dialects.h"
#include "runbooks/dialects/hbase/hbase.h"
#include "runbooks/dialects/instance/instance.h"
#include "runbooks/dialects/mapr/mapr.h"
#include "runbooks/dialects/maprcli/maprcli.h"
#include "runbooks/dialects/options/optiondialect.h"
#include "runbooks/dialects/positional/worddialect.h"
#include "runbooks/dialects/sqlcmd/sqlcmd.h"
#include "runbooks/dialects/tt/tt.h"
#include "runbooks/dialects/voltadmin/voltadmin.h"
#include "runbooks/dialects/voltdb/voltdb.h"

namespace tributary::runbooks {

inline Dialects spoken() {
    return {&maprcli(), &hbase(), &mapr(), &tt(), &box(), &instanceLines(), &voltdb(), &voltadmin(), &sqlcmd()};
}

inline Result<ParsedLine> parseLine(std::string_view line, ParseOptions options = {}) {
    return spoken().parseLine(line, options);
}
inline Result<ParsedLine> parseWords(const std::vector<std::string>& words, ParseOptions options = {}) {
    return spoken().parseWords(words, options);
}
inline std::string printLine(const Operation& op) {
    return spoken().printLine(op);
}

/// A row of a command table, with where it stands.
struct SpokenRow : CommandRow {
    std::string program;
    const CommandTable* table = nullptr;
};

/// The rows of every dialect that has a command table.
inline std::vector<SpokenRow> commandRows() {
    std::vector<SpokenRow> rows;
    const Dialects dialects = spoken();
    for (const Dialect* dialect : dialects.all()) {
        const auto* options = dynamic_cast<const OptionDialect*>(dialect);
        if (options == nullptr) continue;
        for (const CommandRow& row : options->table().rows) {
            rows.push_back({row, std::string(dialect->words().program), &options->table()});
        }
    }
    return rows;
}

/// The rows of every dialect whose values stand in a fixed order.
inline std::vector<std::pair<const WordDialect*, WordRow>> wordRows() {
    std::vector<std::pair<const WordDialect*, WordRow>> rows;
    const Dialects dialects = spoken();
    for (const Dialect* dialect : dialects.all()) {
        const auto* words = dynamic_cast<const WordDialect*>(dialect);
        if (words == nullptr) continue;
        for (const WordRow& row : words->table().rows) rows.emplace_back(words, row);
    }
    return rows;
}

}  // namespace tributary::runbooks
