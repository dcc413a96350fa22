// Rows of rights, followed through roles.
#include "engine/systems/tarantool/door/doorrights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "engine/systems/tarantool/data/failures.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/iproto/greeting.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint64_t kReadRight = 1;
constexpr std::uint64_t kWriteRight = 2;
constexpr std::uint64_t kExecuteRight = 4;

/// {"chap-sha1": base64 of the hash} of a row of _user.
Bytes hashIn(BytesView encoded) {
    if (encoded.empty()) return {};
    MsgpackReader reader(encoded);
    if (reader.type() != MsgpackType::Map) return {};
    const std::uint32_t count = reader.map();
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        const std::string_view method = reader.string();
        const std::string_view text = reader.string();
        if (!reader.ok() || method != "chap-sha1") continue;
        return hashOfProof(text);
    }
    return {};
}

/// What grantees were given.
class Rights {
public:
    /// To a space; without one, to the universe.
    Rights(RowWork& work, std::optional<std::uint32_t> space, bool isOwner, bool isFunction = false)
        : work_(work), space_(space), isOwner_(isOwner), isFunction_(isFunction) {}

    Result<std::uint64_t> of(std::uint32_t user) {
        std::vector<std::uint32_t> open{user};
        std::set<std::uint32_t> seen{user};
        std::uint64_t rights = isOwner_ ? kReadRight | kWriteRight : 0;
        while (!open.empty()) {
            const std::uint32_t grantee = open.back();
            open.pop_back();
            const auto walked =
                work_.select(kPrivilegeSpace, 0, keyOf({grantee}), Iterator::Eq, [&](const TuplePtr& row) {
                    const std::string type = textField(*row, 2);
                    const std::uint64_t given = idField(*row, 4);
                    const std::uint32_t object = idField(*row, 3);
                    if (type == "universe") rights |= given;
                    // All objects of a kind are written as the empty text.
                    const bool isAll = object == UINT32_MAX && textField(*row, 3).empty();
                    if (type == "function" && isFunction_ && isAll) rights |= given & kExecuteRight;
                    if (type == "space" && space_ && (object == *space_ || isAll)) rights |= given;
                    if (type == "role" && (given & kExecuteRight) != 0 && seen.insert(object).second)
                        open.push_back(object);
                    return true;
                });
            if (!walked) return walked.error();
            if (walked.value()) return Error{ErrorCode::Corrupt, walked.value()->message, "_priv", {}};
        }
        return rights;
    }

private:
    RowWork& work_;
    std::optional<std::uint32_t> space_;
    bool isOwner_;
    bool isFunction_;
};

}  // namespace

Result<std::optional<DoorUser>> doorUser(RowWork& work, std::string_view name) {
    Bytes key;
    MsgpackWriter writer(key);
    writer.array(1);
    writer.string(name);
    const auto found = work.get(kUserSpace, 2, key);
    if (!found) return found.error();
    if (const auto* failure = std::get_if<BoxFailure>(&found.value())) {
        return Error{ErrorCode::Corrupt, failure->message, "_user", {}};
    }
    const TuplePtr& row = std::get<TuplePtr>(found.value());
    if (row == nullptr || textField(*row, 3) != "user") return std::optional<DoorUser>();
    return std::optional(DoorUser{idField(*row, 0), std::string(name), hashIn(row->field(4))});
}

Result<std::optional<BoxFailure>> whyNot(RowWork& work, const DoorUser& user, std::uint32_t space, bool isWrite) {
    const auto known = work.space(space);
    if (!known) return known.error();
    if (known.value() == nullptr) return std::optional(failures::noSuchSpace(std::to_string(space)));
    const std::string name(known.value()->name());
    const auto row = work.get(kSpaceSpace, 0, keyOf({space}));
    if (!row) return row.error();
    const auto* tuple = std::get_if<TuplePtr>(&row.value());
    const bool isOwner = tuple != nullptr && *tuple != nullptr && idField(**tuple, 1) == user.id;
    const auto rights = Rights(work, space, isOwner).of(user.id);
    if (!rights) return rights.error();
    if ((rights.value() & (isWrite ? kWriteRight : kReadRight)) != 0) return std::optional<BoxFailure>();
    return std::optional(BoxFailure{
        static_cast<std::uint32_t>(BoxError::AccessDenied),
        fmt::format("{} access to space '{}' is denied for user '{}'", isWrite ? "Write" : "Read", name, user.name),
        {}});
}

Result<std::optional<BoxFailure>> whyNotExecute(RowWork& work, const DoorUser& user, std::string_view function) {
    const auto rights = Rights(work, std::nullopt, false, !function.empty()).of(user.id);
    if (!rights) return rights.error();
    if ((rights.value() & kExecuteRight) != 0) return std::optional<BoxFailure>();
    return std::optional(BoxFailure{static_cast<std::uint32_t>(BoxError::AccessDenied),
                                    fmt::format("Execute access to {} '{}' is denied for user '{}'",
                                                function.empty() ? "universe" : "function", function, user.name),
                                    {}});
}

Result<std::optional<BoxFailure>> whyNotMethod(RowWork& work, const DoorUser& user, std::string_view method,
                                               std::uint32_t space) {
    constexpr std::array<std::string_view, 6> kFree{"begin", "commit", "rollback", "in_transaction", "info", "space"};
    constexpr std::array<std::string_view, 5> kReads{"get", "select", "count", "len", "bsize"};
    constexpr std::array<std::string_view, 6> kWrites{"insert", "replace", "upsert", "update", "delete", "truncate"};
    const auto isOne = [&](const auto& known) { return std::find(known.begin(), known.end(), method) != known.end(); };
    if (isOne(kFree)) return std::optional<BoxFailure>();
    if (isOne(kReads)) return whyNot(work, user, space, false);
    if (isOne(kWrites)) return whyNot(work, user, space, true);
    // Spaces and indexes are rows; what concerns the configuration is for those who may write them.
    return whyNot(work, user, kSpaceSpace, true);
}

Result<std::optional<BoxFailure>> whyNotAll(RowWork& work, const DoorUser& user) {
    const auto rights = Rights(work, std::nullopt, false).of(user.id);
    if (!rights) return rights.error();
    if ((rights.value() & kReadRight) != 0) return std::optional<BoxFailure>();
    return std::optional(BoxFailure{static_cast<std::uint32_t>(BoxError::AccessDenied),
                                    fmt::format("Read access to universe '' is denied for user '{}'", user.name),
                                    {}});
}

}  // namespace tributary::engine::tarantool
