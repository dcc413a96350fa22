// One question that runbooks may put to a system: its name, its arguments, and what it means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tributary::runbooks {

/// One row of a vocabulary. An argument's name says what it names: one letter a dataset, F a family, a word that ends
/// in CLUSTER a cluster.
struct CheckSpec {
    std::string_view name;
    std::vector<std::string_view> arguments{};  ///< names, for help and error texts
    std::string_view meaning{};                 ///< what True means, exactly
    std::string_view phrase{};                  ///< sentence with {0} {1} {2} for the arguments
    std::vector<std::string> options{};         ///< what its argument OPTION may be; empty when it has none
    std::string_view alsoStarts{};              ///< a program that a script needs for it, besides that of its dialect
    bool standing = false;  ///< what must hold before anything begins, for a page's list of what is needed
};

/// An argument that takes one of a few words, in every check that has it.
struct ClosedArgument {
    std::string_view name;
    std::vector<std::string> values;
};

}  // namespace tributary::runbooks
