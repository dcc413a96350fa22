// Random load, weather and deaths for a group of active clusters, and what must hold in the end.
#pragma once

#include <set>

#include "drworld.h"
#include "mutator.h"

namespace tributary::test {

/// One seed.
class DrLoad {
public:
    DrLoad(int clusters, std::uint64_t seed, const std::string& bug, bool isPassive = false);
    /// What is wrong in the end; empty = nothing.
    std::string run();
    [[nodiscard]] std::size_t conflicts() const { return conflicts_; }

private:
    using Rows = std::multiset<volt::RowImage>;
    bool begin();
    void act();
    void writeSomething(int cluster);
    void weather();
    void die(int cluster);
    [[nodiscard]] bool isMesh();
    [[nodiscard]] bool isQuiet();
    [[nodiscard]] std::string judge();
    [[nodiscard]] std::string judgeConflicts();
    [[nodiscard]] std::string states();

    int clusters_;
    bool isPassive_;
    Mutator random_;
    DrWorld world_;
    std::int64_t nextId_ = 1;
    std::set<std::pair<int, int>> cut_;
    std::size_t conflicts_ = 0;
    std::string half_;
};

}  // namespace tributary::test
