// Who is at the other end of a local socket.
#include "engine/net/localpeer.h"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

namespace tributary::engine {
namespace {

constexpr std::size_t kEntryBytes = 16U << 10U;

std::string nameOf(uid_t uid) {
    std::vector<char> buffer(kEntryBytes);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return found->pw_name;
    return "uid" + std::to_string(uid);
}

}  // namespace

LocalPeer localPeerOf(int fd) {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
    return {nameOf(credentials.uid), credentials.uid == ::geteuid() || credentials.uid == 0};
}

}  // namespace tributary::engine
