// What a script's variables hold at one place of it, and what words become there.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runbooks/import/shelltree.h"

namespace tributary::runbooks::shell {

struct Value {
    enum class Kind { Known, List, Unset, Unknown };
    Kind kind = Kind::Unknown;
    std::string text;                ///< Known
    std::vector<std::string> items;  ///< List: of an array
    std::string reason;              ///< Unknown: why, as the end of "the value of `$A` is not known: "
};

/// The variables and positional parameters at one place. What no line before it assigned may come from the environment
/// and is not known.
class Values {
public:
    /// What is longer, or has more elements, is not known: a few lines of `A=$A$A` ask for more than there is.
    static constexpr std::size_t kTextBytesMax = 64U << 10U;
    static constexpr std::size_t kItemsMax = 4'096;

    [[nodiscard]] Value lookup(const std::string& name) const;
    void set(const std::string& name, Value value);
    void setText(const std::string& name, std::string text) {
        set(name, {Value::Kind::Known, std::move(text), {}, {}});
    }
    void forget(const std::string& name, const std::string& reason) {
        set(name, {Value::Kind::Unknown, {}, {}, reason});
    }
    /// From here on nothing is known any more: another file or an eval may have assigned anything.
    void forgetAll(const std::string& reason);
    void freeze(const std::string& name) { readonly_.insert(name); }
    void setPositional(std::vector<std::string> arguments);
    void forgetPositional() { positional_.reset(); }
    [[nodiscard]] const std::optional<std::vector<std::string>>& positional() const { return positional_; }
    /// Whether unquoted values are split at blanks, tabs and line ends: IFS was never assigned.
    [[nodiscard]] bool plainSplitting() const { return !values_.contains("IFS") && lost_.empty(); }

private:
    std::map<std::string, Value> values_;
    std::set<std::string> readonly_;
    std::optional<std::vector<std::string>> positional_;
    std::string lost_;  // why names that were not assigned since are not known; empty: they never were
};

/// One word as a command gets it.
struct Field {
    std::string text;
    std::string variable;        ///< it is the value of this variable and nothing else; else empty
    const Word* word = nullptr;  ///< what it came from; borrowed from the tree
};

/// What words become, or why that is not known.
struct Expansion {
    std::vector<Field> fields;
    std::string unknown;         ///< not empty: a sentence; `fields` is then without meaning
    std::set<std::string> used;  ///< the variables whose values went in, other than as Field::variable
};

/// Expands as bash does before it runs a command: values, splitting, quotes. File names, ~, { , } and the output of
/// commands are not known. `${A:=word}` assigns.
[[nodiscard]] Expansion expandWords(const std::vector<Word>& words, Values& values);
/// The same for the right side of an assignment, which is neither split nor matched to files: one field.
[[nodiscard]] Expansion expandAssigned(const Word& word, Values& values);

}  // namespace tributary::runbooks::shell
