// The compiled-in files of the example workspaces (generated from resources/examples by CMake).
#pragma once

#include <span>
#include <string_view>

namespace tributary {

struct ExampleFile {
    std::string_view example;
    std::string_view name;  ///< path inside the workspace
    std::string_view text;
};

/// All files, those of one example together and its topology.yaml last.
[[nodiscard]] std::span<const ExampleFile> exampleFiles();

}  // namespace tributary
