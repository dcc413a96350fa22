// Dialects whose lines are a program, command words and `-option value`: everything but their table and their answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runbooks/dialects/dialect.h"
#include "runbooks/dialects/options/commandtable.h"

namespace tributary::runbooks {

/// Reads, prints, explains and completes what a command table holds, over the schema in core/operations. Options are
/// case-insensitive; `-json` and `-cluster` may stand anywhere.
class OptionDialect : public Dialect {
public:
    explicit OptionDialect(CommandTable table) : table_(std::move(table)) {}

    [[nodiscard]] const CommandTable& table() const { return table_; }

    [[nodiscard]] Result<ParsedLine> parse(std::vector<Word> words, ParseOptions options) const override;
    [[nodiscard]] bool speaks(const Operation& op) const override { return table_.rowOf(op.verb) != nullptr; }
    [[nodiscard]] std::string print(const Operation& op) const override;
    [[nodiscard]] bool opens(const std::string&) const override { return false; }
    [[nodiscard]] bool isWhole(const std::vector<std::string>& words) const override;
    [[nodiscard]] std::string commandName(const std::vector<std::string>& words) const override;
    [[nodiscard]] std::string help(const std::vector<std::string>& words) const override;
    [[nodiscard]] std::vector<std::string> complete(const std::vector<std::string>& words,
                                                    std::string_view current) const override;

private:
    CommandTable table_;
};

}  // namespace tributary::runbooks
