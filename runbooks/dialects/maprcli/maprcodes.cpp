// The table of codes.
#include "runbooks/dialects/maprcli/maprcodes.h"

namespace tributary::runbooks {
namespace {

struct Row {
    ErrorCode code;
    MaprCode shown;
};

// Exit status: the real one is only known to be non-zero. Ours: 2 the words were wrong and nothing ran, 3 it is unknown
// whether anything happened, 1 everything else.
constexpr Row kCodes[] = {
    {ErrorCode::InvalidInput, {22, {}, 2}},                       // EINVAL
    {ErrorCode::NotFound, {2, "No such file or directory", 1}},   // ENOENT
    {ErrorCode::AlreadyExists, {17, "File exists", 1}},           // EEXIST
    {ErrorCode::PermissionDenied, {13, "Permission denied", 1}},  // EACCES
    {ErrorCode::Conflict, {16, {}, 1}},                           // EBUSY
    {ErrorCode::Corrupt, {5, {}, 1}},                             // EIO
    {ErrorCode::Io, {5, {}, 1}},                                  // EIO
    {ErrorCode::DiskFull, {28, {}, 1}},                           // ENOSPC
    {ErrorCode::Timeout, {110, {}, 3}},                           // ETIMEDOUT
    {ErrorCode::Cancelled, {125, {}, 1}},                         // ECANCELED
    {ErrorCode::Unavailable, {110, {}, 3}},                       // ETIMEDOUT: how an unreachable end shows
    {ErrorCode::Unsupported, {95, {}, 2}},                        // EOPNOTSUPP
    {ErrorCode::Internal, {10010, {}, 1}},                        // ours; the real system's is not known
};

constexpr int kVolumeFailure = 10003;  // of volume commands, whose text carries the errno string

}  // namespace

MaprCode maprCodeOf(ErrorCode code) {
    for (const Row& row : kCodes) {
        if (row.code == code) return row.shown;
    }
    return {10010, {}, 1};
}

MaprCode maprCodeOf(ErrorCode code, Verb verb) {
    MaprCode shown = maprCodeOf(code);
    if (verb == Verb::VolumeModify && !shown.errnoText.empty()) shown.id = kVolumeFailure;
    return shown;
}

}  // namespace tributary::runbooks
