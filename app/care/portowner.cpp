// Read off /proc: the socket's inode, then who has it open.
#include "app/care/portowner.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

/// Inodes of the sockets that listen on the port.
std::set<std::string> listenersOf(std::uint16_t port) {
    constexpr const char* kListening = "0A";
    std::set<std::string> inodes;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line);  // headings
        while (std::getline(file, line)) {
            std::istringstream words(line);
            std::string slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
            words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
            if (state == kListening && local.ends_with(fmt::format(":{:04X}", port))) inodes.insert(inode);
        }
    }
    return inodes;
}

}  // namespace

std::string ownerOfPort(std::uint16_t port) {
    const std::set<std::string> inodes = listenersOf(port);
    if (inodes.empty()) return {};
    std::error_code problem;
    for (const auto& process : fs::directory_iterator("/proc", problem)) {
        const std::string pid = process.path().filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
        std::error_code denied;
        for (const auto& opened : fs::directory_iterator(process.path() / "fd", denied)) {
            const std::string target = fs::read_symlink(opened.path(), denied).string();
            if (!target.starts_with("socket:[") || inodes.count(target.substr(8, target.size() - 9)) == 0) continue;
            std::ifstream comm(process.path() / "comm");
            std::string name;
            std::getline(comm, name);
            return fmt::format("process {} ({})", pid, name);
        }
    }
    return "another user's process";
}

}  // namespace tributary::app
