// Looking for input in short turns.
#include "app/terminal/typedlines.h"

#include <poll.h>
#include <unistd.h>

#include "core/base/text.h"

namespace tributary::app {
namespace {

constexpr int kLookForLineMs = 100;

}  // namespace

std::optional<std::string> TypedLines::next() {
    while (true) {
        const std::size_t end = typed_.find('\n');
        if (end != std::string::npos) {
            std::string line(trim(std::string_view(typed_).substr(0, end)));
            typed_.erase(0, end + 1);
            return line;
        }
        if (stopped_()) return {};
        pollfd waiting{STDIN_FILENO, POLLIN, 0};
        if (::poll(&waiting, 1, kLookForLineMs) <= 0) continue;
        char buffer[1024];
        const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof(buffer));
        if (got <= 0) return {};
        typed_.append(buffer, static_cast<std::size_t>(got));
    }
}

}  // namespace tributary::app
