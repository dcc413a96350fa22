// Formats and indexes of system spaces: as Tarantool 2.6 has them, with the name of a member that 3.0 adds.
#include "engine/systems/tarantool/instance/systemspaces.h"

#include <algorithm>
#include <string_view>

#include "engine/systems/tarantool/instance/systemviews.h"

namespace tributary::engine::tarantool {
namespace {

using Fields = std::vector<FormatField>;
constexpr FieldType kUnsigned = FieldType::Unsigned;
constexpr FieldType kString = FieldType::String;
constexpr std::string_view kGuestProof = "vhvewKp0tNyweZQ+cFKAlsyphfg=";  ///< of the empty password

IndexPlan indexPlan(std::uint32_t id, std::string_view name, bool isUnique, std::vector<KeyPart> parts) {
    return {id, std::string(name), IndexKind::Tree, isUnique, std::move(parts)};
}

SystemSpacePlan planned(std::uint32_t id, std::string_view name, const Fields& format,
                        const std::vector<IndexPlan>& indexes) {
    SystemSpacePlan made;
    made.id = id;
    made.plan.space = spaceRow(id, name, format);
    for (const IndexPlan& index : indexes) made.plan.indexes[index.id] = indexRow(id, index);
    return made;
}

/// The three indexes of what is owned by somebody and has a name.
std::vector<IndexPlan> ownedAndNamed() {
    return {indexPlan(0, "primary", true, {{0, kUnsigned, false}}),
            indexPlan(1, "owner", false, {{1, kUnsigned, false}}), indexPlan(2, "name", true, {{2, kString, false}})};
}

Fields functionFields() {
    constexpr FieldType kBoolean = FieldType::Boolean;
    return {{"id", kUnsigned, false},
            {"owner", kUnsigned, false},
            {"name", kString, false},
            {"setuid", kUnsigned, false},
            {"language", kString, false},
            {"body", kString, false},
            {"routine_type", kString, false},
            {"param_list", FieldType::Array, false},
            {"returns", kString, false},
            {"aggregate", kString, false},
            {"sql_data_access", kString, false},
            {"is_deterministic", kBoolean, false},
            {"is_sandboxed", kBoolean, false},
            {"is_null_call", kBoolean, false},
            {"exports", FieldType::Array, false},
            {"opts", FieldType::Map, false},
            {"comment", kString, false},
            {"created", kString, false},
            {"last_altered", kString, false}};
}

std::vector<SystemSpacePlan> makeSystemSpaces() {
    const IndexPlan byId = indexPlan(0, "primary", true, {{0, kUnsigned, false}});
    std::vector<SystemSpacePlan> all;
    all.push_back(planned(kSchemaSpace, "_schema", {{"key", kString, false}, {"value", FieldType::Any, true}},
                          {indexPlan(0, "primary", true, {{0, kString, false}})}));
    all.push_back(planned(kSpaceSpace, "_space",
                          {{"id", kUnsigned, false},
                           {"owner", kUnsigned, false},
                           {"name", kString, false},
                           {"engine", kString, false},
                           {"field_count", kUnsigned, false},
                           {"flags", FieldType::Map, false},
                           {"format", FieldType::Array, false}},
                          ownedAndNamed()));
    all.push_back(planned(kIndexSpace, "_index",
                          {{"id", kUnsigned, false},
                           {"iid", kUnsigned, false},
                           {"name", kString, false},
                           {"type", kString, false},
                           {"opts", FieldType::Map, false},
                           {"parts", FieldType::Array, false}},
                          {indexPlan(0, "primary", true, {{0, kUnsigned, false}, {1, kUnsigned, false}}),
                           indexPlan(2, "name", true, {{0, kUnsigned, false}, {2, kString, false}})}));
    all.push_back(planned(kFunctionSpace, "_func", functionFields(), ownedAndNamed()));
    all.push_back(planned(kUserSpace, "_user",
                          {{"id", kUnsigned, false},
                           {"owner", kUnsigned, false},
                           {"name", kString, false},
                           {"type", kString, false},
                           {"auth", FieldType::Map, false}},
                          ownedAndNamed()));
    all.push_back(planned(
        kPrivilegeSpace, "_priv",
        {{"grantor", kUnsigned, false},
         {"grantee", kUnsigned, false},
         {"object_type", kString, false},
         {"object_id", FieldType::Scalar, false},
         {"privilege", kUnsigned, false}},
        {indexPlan(0, "primary", true, {{1, kUnsigned, false}, {2, kString, false}, {3, FieldType::Scalar, false}}),
         indexPlan(1, "owner", false, {{0, kUnsigned, false}}),
         indexPlan(2, "object", false, {{2, kString, false}, {3, FieldType::Scalar, false}})}));
    all.push_back(planned(kClusterSpace, "_cluster",
                          {{"id", kUnsigned, false}, {"uuid", kString, false}, {"name", kString, true}},
                          {byId, indexPlan(1, "uuid", true, {{1, kString, false}})}));
    all.push_back(
        planned(kTruncateSpace, "_truncate", {{"id", kUnsigned, false}, {"count", kUnsigned, false}}, {byId}));
    for (SystemSpacePlan& other : otherSystemSpaces()) all.push_back(std::move(other));
    std::sort(all.begin(), all.end(),
              [](const SystemSpacePlan& one, const SystemSpacePlan& two) { return one.id < two.id; });
    return all;
}

Bytes userRow(std::uint32_t id, std::string_view name, std::string_view type, std::string_view proof) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(5);
    writer.unsignedInteger(id);
    writer.unsignedInteger(1);
    writer.string(name);
    writer.string(type);
    writer.map(proof.empty() ? 0 : 1);
    if (proof.empty()) return out;
    writer.string("chap-sha1");
    writer.string(proof);
    return out;
}

Bytes privilegeRow(std::uint32_t grantee, std::string_view type, std::uint32_t object, std::uint32_t privilege) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(5);
    writer.unsignedInteger(1);
    writer.unsignedInteger(grantee);
    writer.string(type);
    writer.unsignedInteger(object);
    writer.unsignedInteger(privilege);
    return out;
}

/// Of the schema, which is that of 2.6: what 3.0 begins with differs, and a real 2.6 shall join.
Bytes versionRow() {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(4);
    writer.string("version");
    for (const std::uint64_t part : {2U, 3U, 1U}) writer.unsignedInteger(part);
    return out;
}

}  // namespace

const std::vector<SystemSpacePlan>& systemSpaces() {
    static const std::vector<SystemSpacePlan> kSpaces = makeSystemSpaces();
    return kSpaces;
}

std::vector<std::pair<std::uint32_t, Bytes>> systemRows() {
    std::vector<std::pair<std::uint32_t, Bytes>> rows;
    for (const SystemSpacePlan& made : systemSpaces()) {
        rows.emplace_back(kSpaceSpace, made.plan.space);
        for (const auto& [id, index] : made.plan.indexes) rows.emplace_back(kIndexSpace, index);
    }
    rows.emplace_back(kSchemaSpace, versionRow());
    rows.emplace_back(kUserSpace, userRow(0, "guest", "user", kGuestProof));
    rows.emplace_back(kUserSpace, userRow(1, "admin", "user", {}));
    rows.emplace_back(kUserSpace, userRow(2, "public", "role", {}));
    rows.emplace_back(kUserSpace, userRow(3, "replication", "role", {}));
    rows.emplace_back(kUserSpace, userRow(31, "super", "role", {}));
    rows.emplace_back(kPrivilegeSpace, privilegeRow(0, "role", 2, 4));
    rows.emplace_back(kPrivilegeSpace, privilegeRow(0, "universe", 0, 24));
    rows.emplace_back(kPrivilegeSpace, privilegeRow(1, "universe", 0, 0xffffffff));
    rows.emplace_back(kPrivilegeSpace, privilegeRow(3, "universe", 0, 1));
    rows.emplace_back(kPrivilegeSpace, privilegeRow(3, "space", kClusterSpace, 2));
    rows.emplace_back(kPrivilegeSpace, privilegeRow(31, "universe", 0, 0xffffffff));
    for (auto& row : otherSystemRows()) rows.push_back(std::move(row));
    return rows;
}

}  // namespace tributary::engine::tarantool
