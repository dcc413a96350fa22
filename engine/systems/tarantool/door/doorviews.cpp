// Rows let through one by one.
#include "engine/systems/tarantool/door/doorviews.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/systems/tarantool/data/boxarguments.h"
#include "engine/systems/tarantool/data/failures.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kNoSpace = 0;  ///< there is nothing behind: a view without rows
constexpr std::size_t kAnswerBytesMax = 16U << 20U;

struct View {
    std::uint32_t id;
    std::uint32_t base;
    std::string_view name;
};
constexpr std::array<View, 6> kViews{{{277, kNoSpace, "_vcollation"},
                                      {281, kSpaceSpace, "_vspace"},
                                      {289, kIndexSpace, "_vindex"},
                                      {297, kFunctionSpace, "_vfunc"},
                                      {305, kUserSpace, "_vuser"},
                                      {313, kPrivilegeSpace, "_vpriv"}}};

const View* viewOf(std::uint32_t space) {
    const auto* const found =
        std::find_if(kViews.begin(), kViews.end(), [&](const View& view) { return view.id == space; });
    return found == kViews.end() ? nullptr : found;
}

/// Which rows of the space behind one user sees.
class Sight {
public:
    Sight(RowWork& work, const DoorUser& user, std::uint32_t base, bool isAll)
        : work_(work), user_(user), base_(base), isAll_(isAll) {}

    Result<bool> sees(const Tuple& row) {
        if (isAll_) return true;
        if (base_ == kUserSpace) return idField(row, 0) == user_.id;
        if (base_ == kPrivilegeSpace) return idField(row, 1) == user_.id || idField(row, 0) == user_.id;
        if (base_ != kSpaceSpace && base_ != kIndexSpace) return false;
        const std::uint32_t space = idField(row, 0);
        const auto known = spaces_.find(space);
        if (known != spaces_.end()) return known->second;
        bool may = false;
        for (const bool isWrite : {false, true}) {
            const auto why = whyNot(work_, user_, space, isWrite);
            if (!why) return why.error();
            may = may || !why.value();
        }
        return spaces_[space] = may;
    }

private:
    RowWork& work_;
    const DoorUser& user_;
    std::uint32_t base_;
    bool isAll_;
    std::map<std::uint32_t, bool> spaces_;
};

Bytes arrayOf(std::size_t count, BytesView values) {
    Bytes out;
    MsgpackWriter(out).array(count);
    return out.append(values);
}

}  // namespace

bool isView(std::uint32_t space) {
    return viewOf(space) != nullptr;
}

Result<BoxAnswer> callView(RowWork& work, const DoorUser& user, const DoorCall& call) {
    const View& view = *viewOf(call.space);
    if (call.isWrite) return BoxAnswer(BoxFailure{113, "View '" + std::string(view.name) + "' is read-only", {}});
    if (view.base == kNoSpace) return noResults();
    const auto all = whyNot(work, user, view.base, false);
    if (!all) return all.error();
    const auto arguments = splitArguments(call.arguments);
    const auto iterator = iteratorOf(textArgument(*arguments, 3));
    std::uint64_t offset = numberArgument(*arguments, 4, 0);
    const std::uint64_t limit = numberArgument(*arguments, 5, 0);
    // The rows first: rights are read from the same state, and not while it is walked.
    std::vector<TuplePtr> rows;
    const auto walked = work.select(view.base, idArgument(*arguments, 1), argumentAt(*arguments, 2),
                                    iterator.value_or(Iterator::Eq), [&](const TuplePtr& row) {
                                        rows.push_back(row);
                                        return true;
                                    });
    if (!walked) return walked.error();
    if (walked.value()) return BoxAnswer(*walked.value());
    Sight sight(work, user, view.base, !all.value());
    Bytes tuples;
    std::size_t count = 0;
    for (const TuplePtr& row : rows) {
        if (count >= limit) break;
        const auto sees = sight.sees(*row);
        if (!sees) return sees.error();
        if (!sees.value()) continue;
        if (offset > 0) {
            --offset;
            continue;
        }
        tuples.append(row->bytes());
        ++count;
        if (tuples.size() > kAnswerBytesMax) {
            return BoxAnswer(failures::memoryIssue(tuples.size(), "the answer", "select: give a limit"));
        }
    }
    return BoxAnswer(arrayOf(count, tuples));
}

}  // namespace tributary::engine::tarantool
