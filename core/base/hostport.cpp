// "host:port" and "[::1]:port".
#include "core/base/hostport.h"

#include <charconv>

namespace tributary {

std::optional<HostPort> parseHostPort(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    HostPort out;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (problem != std::errc() || end != digits.data() + digits.size() || out.port == 0) return std::nullopt;
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const bool colons = host.find(':') != std::string_view::npos;
    if (host.empty() || colons != bracketed || host.find_first_of("[]") != std::string_view::npos) return std::nullopt;
    out.host = std::string(host);
    return out;
}

}  // namespace tributary
