// As much of HTTP/1.1 as one page needs.
#include "engine/net/httpdoor.h"

#include <fmt/format.h>

namespace tributary::engine {
namespace {

std::string_view statusText(int status) {
    switch (status) {
        case 200: return "OK";
        case 400: return "Bad Request";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 431: return "Request Header Fields Too Large";
        default: return "Service Unavailable";
    }
}

constexpr const char* kPlainText = "text/plain; charset=utf-8";

}  // namespace

HttpDoor::HttpDoor(Page page) : page_(std::move(page)), executor_(std::make_shared<QtExecutor>()) {}

HttpDoor::~HttpDoor() {
    executor_->close();
}

Status HttpDoor::open(const std::string& socketPath) {
    Endpoint at;
    at.localPath = socketPath;
    auto listening =
        transport_.listen(at, [this](std::unique_ptr<Connection> connection) { accept(std::move(connection)); });
    if (!listening) return listening.error();
    listener_ = std::move(listening).value();
    return okStatus();
}

void HttpDoor::accept(std::unique_ptr<Connection> connection) {
    const std::uint64_t id = nextId_++;
    Asker& asker = askers_[id];
    asker.connection = std::move(connection);
    asker.connection->onBytes = [this, id](BytesView bytes) { read(id, bytes); };
    asker.connection->onClosed = [this, id](const Error&) { forget(id); };
    asker.deadline = std::make_unique<QTimer>();
    asker.deadline->setSingleShot(true);
    QObject::connect(asker.deadline.get(), &QTimer::timeout, executor_.get(),
                     [this, id] { executor_->post([this, id] { forget(id); }); });
    asker.deadline->start(kConnectionMs);
    if (askers_.size() > kConnectionsMax) answer(id, 503, kPlainText, "too many ask at a time\n");
}

void HttpDoor::read(std::uint64_t id, BytesView bytes) {
    Asker& asker = askers_.at(id);
    if (asker.asked) return;  // what follows a request is nobody's: one page for one connection
    asker.request += bytes;
    if (asker.request.size() > kRequestBytesMax) return answer(id, 431, kPlainText, "the request is too long\n");
    if (asker.request.find("\r\n\r\n") == Bytes::npos) return;
    const Bytes line = asker.request.substr(0, asker.request.find("\r\n"));
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first == Bytes::npos ? first : first + 1);
    if (first == Bytes::npos || second == Bytes::npos || line.compare(second + 1, 7, "HTTP/1.") != 0)
        return answer(id, 400, kPlainText, "this is no HTTP/1 request\n");
    if (line.substr(0, first) != "GET") return answer(id, 405, kPlainText, "only GET is answered\n");
    std::string path = line.substr(first + 1, second - first - 1);
    path.resize(std::min(path.find('?'), path.size()));
    if (path != page_.path) return answer(id, 404, kPlainText, "there is only " + page_.path + "\n");
    asker.asked = true;
    page_.make([this, id, executor = std::weak_ptr<QtExecutor>(executor_)](Bytes text) {
        // The door closes its executor first: a task that runs has a door.
        if (const auto alive = executor.lock()) {
            alive->post([this, id, text = std::move(text)] { answer(id, 200, page_.contentType, text); });
        }
    });
}

void HttpDoor::answer(std::uint64_t id, int status, const std::string& type, const Bytes& text) {
    const auto found = askers_.find(id);
    if (found == askers_.end()) return;
    found->second.asked = true;
    found->second.connection->send(
        fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                    statusText(status), type, text.size(), text));
    found->second.connection->close();
    // Not at once: this may be inside the connection's own call.
    executor_->post([this, id] { forget(id); });
}

void HttpDoor::forget(std::uint64_t id) {
    askers_.erase(id);
}

}  // namespace tributary::engine
