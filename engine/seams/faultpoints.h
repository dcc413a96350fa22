// Named places where a test may make the engine misbehave, and counters that prove that rare paths were reached.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace tributary::engine {

/// Switches for deliberate misbehaviour ("bugs", used to prove that the oracles see them) and counters of the paths
/// that ran. One per node, handed in by constructor; in production nothing is armed and hit() is one empty() test.
/// Not thread-safe: the node's executor only.
class FaultPoints {
public:
    /// True when `name` is armed; counts the visit.
    [[nodiscard]] bool hit(std::string_view name) {
        if (armed_.empty()) return false;
        return armed_.find(name) != armed_.end();
    }
    void arm(std::string name) { armed_.insert(std::move(name)); }
    void disarm(const std::string& name) { armed_.erase(name); }
    /// Marks that a rare path was reached.
    void reached(std::string_view name) {
        if (!counting_) return;
        const auto at = reach_.find(name);
        if (at == reach_.end()) {
            reach_.emplace(std::string(name), 1);
        } else {
            ++at->second;
        }
    }
    void countReached(bool on) { counting_ = on; }
    [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& reach() const { return reach_; }

private:
    std::set<std::string, std::less<>> armed_;
    std::map<std::string, std::uint64_t, std::less<>> reach_;
    bool counting_ = false;
};

}  // namespace tributary::engine
