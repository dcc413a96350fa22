// What an operation gave back, before any dialect dresses it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tributary {

/// The answer of a successful operation. Operations with nothing to say leave everything empty.
struct Outcome {
    /// Objects in display order; their members in display order too, JSON typed (true, 12, "text"). Rows may carry
    /// optional members that others lack (`columns`, `errors`).
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    std::vector<std::string> lines;     ///< free text of tools that print no table (copy, diff, gateway local)
    std::vector<std::string> warnings;  ///< for people; never part of the data
    int total = 0;                      ///< rows in all; may exceed rows.size() when -limit cut them

    /// Appends a row and counts it.
    void add(nlohmann::ordered_json row) {
        rows.push_back(std::move(row));
        ++total;
    }
};

}  // namespace tributary
