// What folds of table rows go by: the live families, with their versions and lifetimes.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/storage/stateunit.h"

namespace tributary::engine::maprdb {

struct FoldFamily {
    std::uint32_t id = 0;
    std::uint32_t maxVersions = 1;
    std::uint32_t minVersions = 0;
    Millis ttlMs = 0;  ///< 0 = for ever
};

/// Cells of any family that is not in it are dropped families' and vanish.
class TableFoldRules final : public FoldRules {
public:
    explicit TableFoldRules(std::vector<FoldFamily> families) : families_(std::move(families)) {}
    [[nodiscard]] const std::vector<FoldFamily>& families() const { return families_; }

private:
    std::vector<FoldFamily> families_;
};

[[nodiscard]] inline std::shared_ptr<const FoldRules> makeFoldRules(std::vector<FoldFamily> families) {
    return std::make_shared<const TableFoldRules>(std::move(families));
}

/// The families of a context of this kind; none without rules. Borrowed from the context.
[[nodiscard]] inline std::span<const FoldFamily> foldFamilies(const FoldContext& context) {
    if (context.rules == nullptr) return {};
    return static_cast<const TableFoldRules&>(*context.rules).families();
}

}  // namespace tributary::engine::maprdb
