// The kinds of data that a node knows.
#pragma once

#include <string_view>
#include <vector>

#include "engine/dataset/datasetkind.h"

namespace tributary::engine {

/// A short list, made once and handed over by constructor; kinds outlive it. At least one.
class Kinds {
public:
    explicit Kinds(std::vector<const DatasetKind*> kinds);

    /// By the name in catalog records, or by the number in payloads. Errors: Unsupported.
    [[nodiscard]] Result<const DatasetKind*> named(std::string_view name) const;
    [[nodiscard]] Result<const DatasetKind*> numbered(std::uint8_t number) const;
    /// Who speaks of a dataset that is not there: the first one.
    [[nodiscard]] const DatasetKind& speaker() const { return *kinds_.front(); }
    [[nodiscard]] const std::vector<const DatasetKind*>& all() const { return kinds_; }

private:
    std::vector<const DatasetKind*> kinds_;
};

}  // namespace tributary::engine
