// Families of a JSON table, and sets of fields: what a filtered link lets through, and what a reader may see.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/systems/maprdb/json/fieldpath.h"

namespace tributary::engine::maprdb::json {

/// A family holds its path and all that is below it, but for what deeper families hold. The default family's path is
/// empty. Source: vendor page "table cf create", option -jsonpath.
struct JsonFamily {
    std::string name;
    NamePath path;
};

/// The families of one table.
class JsonFamilies {
public:
    /// Errors: InvalidInput (no default family, two of one name or of one path).
    static Result<JsonFamilies> make(std::vector<JsonFamily> families);
    /// The text of -jsonpath: names only. Errors: InvalidInput.
    static Result<NamePath> parsePath(std::string_view text);

    [[nodiscard]] const std::vector<JsonFamily>& all() const { return families_; }
    /// The family in which a field at this path is stored: the one of the longest path that leads to it.
    [[nodiscard]] const JsonFamily& of(const NamePath& path) const;

private:
    std::vector<JsonFamily> families_;  ///< by path; the default one is first
};

/// A set of fields of any document: for each path, the rule of the nearest path above it (or at it) that has one. Array
/// elements have no rules: an array is one value.
class FieldSet {
public:
    /// Nothing.
    FieldSet() = default;
    static FieldSet everything();

    /// A list as -columns takes it: full field paths with commas between them; an empty piece is the default family
    /// (",a.e" is the default family and a.e); a path stands for all that is below it, whatever family holds it. The
    /// empty list is an empty piece: the default family. Source: vendor page "table replica add", option -columns.
    /// Errors: InvalidInput (with the piece).
    static Result<FieldSet> parseColumns(std::string_view columns, const JsonFamilies& families);
    /// Reads text(). Errors: InvalidInput.
    static Result<FieldSet> parse(std::string_view text);
    /// The canonical form: rules with commas between them, each "+" or "-" and a path ("+" alone: everything), wide
    /// ones first. Equal sets have equal texts; nothing is "".
    [[nodiscard]] std::string text() const;

    /// Whether the whole of the field is in the set.
    [[nodiscard]] bool covers(const NamePath& path) const;
    /// Whether the field, or anything below it, is in the set.
    [[nodiscard]] bool touches(const NamePath& path) const;
    /// What is in both: two filters in a row.
    [[nodiscard]] FieldSet intersect(const FieldSet& other) const;

    friend bool operator==(const FieldSet& a, const FieldSet& b) { return a.rules_ == b.rules_; }

    /// One path of the set, for those who walk a document beside it.
    class Place {
    public:
        explicit Place(const FieldSet& set) : set_(&set), in_(set.ruleOf(path_)) {}
        [[nodiscard]] bool in() const { return in_; }
        /// Below it, everything is as in() says.
        [[nodiscard]] bool isLeaf() const;
        [[nodiscard]] Place below(const std::string& name) const;

    private:
        const FieldSet* set_;
        NamePath path_;
        bool in_;
    };

private:
    [[nodiscard]] bool ruleOf(const NamePath& path) const;
    [[nodiscard]] bool anyBelow(const NamePath& path, bool in) const;
    void dropRepeated();

    std::map<NamePath, bool> rules_;  ///< none repeats what already holds above it
};

}  // namespace tributary::engine::maprdb::json
