// Reading and writing whole.
#include "app/scripts/pipemessages.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace tributary::app {

bool writePipe(int fd, BytesView bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool readPipe(int fd, char* into, std::size_t size) {
    while (size > 0) {
        const ssize_t got = ::read(fd, into, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        into += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool writeMessage(int fd, BytesView message) {
    Bytes framed;
    framed.reserve(sizeof(std::uint32_t) + message.size());
    appendFixed(framed, static_cast<std::uint32_t>(message.size()));
    return writePipe(fd, framed.append(message));
}

std::optional<Bytes> readMessage(int fd, std::size_t bytesMax) {
    std::uint32_t size = 0;
    if (!readPipe(fd, reinterpret_cast<char*>(&size), sizeof(size)) || size > bytesMax) return std::nullopt;
    Bytes message(size, '\0');
    if (!readPipe(fd, message.data(), size)) return std::nullopt;
    return message;
}

}  // namespace tributary::app
