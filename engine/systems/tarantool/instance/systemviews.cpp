// As 2.6.0 has them, without its rows of functions and of most collations.
#include "engine/systems/tarantool/instance/systemviews.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tributary::engine::tarantool {
namespace {

using OtherFields = std::vector<FormatField>;
constexpr std::uint32_t kPublicRole = 2;
constexpr std::uint32_t kReads = 1;
constexpr std::uint32_t kWrites = 2;

struct ViewOf {
    std::uint32_t view;
    std::uint32_t base;
    std::string_view name;
};
constexpr std::array<ViewOf, 7> kViewsOfSpaces{{{277, 276, "_vcollation"},
                                                {281, kSpaceSpace, "_vspace"},
                                                {286, 284, "_vsequence"},
                                                {289, kIndexSpace, "_vindex"},
                                                {297, kFunctionSpace, "_vfunc"},
                                                {305, kUserSpace, "_vuser"},
                                                {313, kPrivilegeSpace, "_vpriv"}}};

/// "id unsigned, name string"
OtherFields fieldsOf(std::string_view text) {
    OtherFields fields;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(", "), text.size());
        const std::string_view one = text.substr(0, end);
        const std::size_t gap = one.find(' ');
        fields.push_back({std::string(one.substr(0, gap)), *fieldTypeOf(one.substr(gap + 1)), false});
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return fields;
}

class Other {
public:
    Other(std::uint32_t id, std::string_view name, std::string_view engine, std::string_view fields,
          bool isTemporary = false) {
        made_.id = id;
        made_.plan.space = spaceRow(id, name, fieldsOf(fields), engine, isTemporary);
    }
    Other& index(std::uint32_t id, std::string_view name, bool isUnique, std::vector<KeyPart> parts,
                 IndexKind kind = IndexKind::Tree) {
        made_.plan.indexes[id] = indexRow(made_.id, {id, std::string(name), kind, isUnique, std::move(parts)});
        return *this;
    }
    [[nodiscard]] SystemSpacePlan plan() const { return made_; }

private:
    SystemSpacePlan made_;
};

KeyPart numberPart(std::uint32_t field) {
    return {field, FieldType::Unsigned, false};
}
KeyPart textPart(std::uint32_t field) {
    return {field, FieldType::String, false};
}

constexpr std::string_view kCollationFields =
    "id unsigned, name string, owner unsigned, type string, locale string, opts map";
constexpr std::string_view kSequenceFields =
    "id unsigned, owner unsigned, name string, step integer, min integer, max integer, start integer, cache integer, "
    "cycle boolean";

void addSequences(std::vector<SystemSpacePlan>& out) {
    for (const auto& [id, name, engine] : {std::tuple{284U, "_sequence", "memtx"}, {286U, "_vsequence", "sysview"}}) {
        out.push_back(Other(id, name, engine, kSequenceFields)
                          .index(0, "primary", true, {numberPart(0)})
                          .index(1, "owner", false, {numberPart(1)})
                          .index(2, "name", true, {textPart(2)})
                          .plan());
    }
    out.push_back(Other(285, "_sequence_data", "memtx", "id unsigned, value integer")
                      .index(0, "primary", true, {numberPart(0)}, IndexKind::Hash)
                      .plan());
    out.push_back(Other(340, "_space_sequence", "memtx",
                        "id unsigned, sequence_id unsigned, is_generated boolean, field unsigned, path string")
                      .index(0, "primary", true, {numberPart(0)})
                      .index(1, "sequence", false, {numberPart(1)})
                      .plan());
}

void addViews(std::vector<SystemSpacePlan>& out) {
    for (const auto& [id, name, engine] : {std::tuple{276U, "_collation", "memtx"}, {277U, "_vcollation", "sysview"}}) {
        out.push_back(Other(id, name, engine, kCollationFields)
                          .index(0, "primary", true, {numberPart(0)})
                          .index(1, "name", true, {textPart(1)})
                          .plan());
    }
    const auto owned = [&out](std::uint32_t id, std::string_view name, std::string_view fields) {
        out.push_back(Other(id, name, "sysview", fields)
                          .index(0, "primary", true, {numberPart(0)})
                          .index(1, "owner", false, {numberPart(1)})
                          .index(2, "name", true, {textPart(2)})
                          .plan());
    };
    owned(281, "_vspace",
          "id unsigned, owner unsigned, name string, engine string, field_count unsigned, flags map, format array");
    owned(297, "_vfunc", "id unsigned, owner unsigned, name string, setuid unsigned");
    owned(305, "_vuser", "id unsigned, owner unsigned, name string, type string, auth map");
    out.push_back(
        Other(289, "_vindex", "sysview", "id unsigned, iid unsigned, name string, type string, opts map, parts array")
            .index(0, "primary", true, {numberPart(0), numberPart(1)})
            .index(2, "name", true, {numberPart(0), textPart(2)})
            .plan());
    const KeyPart object{3, FieldType::Scalar, false};
    out.push_back(Other(313, "_vpriv", "sysview",
                        "grantor unsigned, grantee unsigned, object_type string, object_id scalar, privilege unsigned")
                      .index(0, "primary", true, {numberPart(1), textPart(2), object})
                      .index(1, "owner", false, {numberPart(0)})
                      .index(2, "object", false, {textPart(2), object})
                      .plan());
}

void addWhatSqlNeeds(std::vector<SystemSpacePlan>& out) {
    out.push_back(Other(328, "_trigger", "memtx", "name string, space_id unsigned, opts map")
                      .index(0, "primary", true, {textPart(0)})
                      .index(1, "space_id", false, {numberPart(1)})
                      .plan());
    out.push_back(Other(356, "_fk_constraint", "memtx",
                        "name string, child_id unsigned, parent_id unsigned, is_deferred boolean, match string, "
                        "on_delete string, on_update string, child_cols array, parent_cols array")
                      .index(0, "primary", true, {textPart(0), numberPart(1)})
                      .index(1, "child_id", false, {numberPart(1)})
                      .plan());
    out.push_back(Other(364, "_ck_constraint", "memtx",
                        "space_id unsigned, name string, is_deferred boolean, language string, code string, is_enabled "
                        "boolean")
                      .index(0, "primary", true, {numberPart(0), textPart(1)})
                      .plan());
    out.push_back(Other(372, "_func_index", "memtx", "space_id unsigned, index_id unsigned, func_id unsigned")
                      .index(0, "primary", true, {numberPart(0), numberPart(1)})
                      .index(1, "fid", false, {numberPart(2)})
                      .plan());
    out.push_back(Other(380, "_session_settings", "service", "name string, value any", true)
                      .index(0, "primary", true, {textPart(0)})
                      .plan());
}

Bytes collationRow(std::uint32_t id, std::string_view name, std::string_view strength) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(6);
    writer.unsignedInteger(id);
    writer.string(name);
    writer.unsignedInteger(1);
    writer.string(strength.empty() ? "BINARY" : "ICU");
    writer.string("");
    writer.map(strength.empty() ? 0 : 1);
    if (strength.empty()) return out;
    writer.string("strength");
    writer.string(strength);
    return out;
}

Bytes publicRow(std::uint32_t space, std::uint32_t right) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(5);
    writer.unsignedInteger(1);
    writer.unsignedInteger(kPublicRole);
    writer.string("space");
    writer.unsignedInteger(space);
    writer.unsignedInteger(right);
    return out;
}

}  // namespace

std::vector<SystemSpacePlan> otherSystemSpaces() {
    std::vector<SystemSpacePlan> out;
    addViews(out);
    addSequences(out);
    addWhatSqlNeeds(out);
    return out;
}

std::vector<std::pair<std::uint32_t, Bytes>> otherSystemRows() {
    constexpr std::uint32_t kCollations = 276;
    std::vector<std::pair<std::uint32_t, Bytes>> rows{{kCollations, collationRow(0, "none", {})},
                                                      {kCollations, collationRow(1, "unicode", "tertiary")},
                                                      {kCollations, collationRow(2, "unicode_ci", "primary")},
                                                      {kCollations, collationRow(3, "binary", {})},
                                                      {kPrivilegeSpace, publicRow(kCollations, kWrites)},
                                                      {kPrivilegeSpace, publicRow(kTruncateSpace, kWrites)}};
    for (const ViewOf& one : kViewsOfSpaces) rows.emplace_back(kPrivilegeSpace, publicRow(one.view, kReads));
    return rows;
}

std::uint32_t behindView(std::uint32_t space) {
    const auto* const found = std::find_if(kViewsOfSpaces.begin(), kViewsOfSpaces.end(),
                                           [&](const ViewOf& one) { return one.view == space; });
    return found == kViewsOfSpaces.end() ? space : found->base;
}

}  // namespace tributary::engine::tarantool
