// What a person who helps needs to see of a workspace, and nothing that is nobody's business.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/workspace/workspace.h"

namespace tributary::app {

struct SupportText {
    std::string name;  ///< of the file in the bundle
    std::string text;
};

struct SupportRequest {
    std::string file;  ///< the archive (tar, gzip), which must not exist
    Millis nowMs = 0;  ///< UTC
    std::vector<SupportText>
        texts;  ///< answers that the caller asked for: doctor, status, metrics; they are scrubbed too
};

struct SupportReport {
    std::string file;
    std::vector<std::pair<std::string, std::uint64_t>> contents;  ///< names and sizes
    std::vector<std::string> leftOut;                             ///< a line each
    std::uint64_t archiveBytes = 0;
};

/// Writes the bundle of a workspace. Errors: those of ArchiveWriter. Parts that cannot be read are missing in it, and
/// it says so.
[[nodiscard]] Result<SupportReport> writeSupportBundle(const WorkspacePaths& paths, const SupportRequest& request);

/// "tributary-support-20260131T090000Z.tar.gz"
[[nodiscard]] std::string supportFileName(Millis nowMs);

}  // namespace tributary::app
