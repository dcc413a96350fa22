// A page for monitoring systems: HTTP GET over a local socket that only its user may open.
#pragma once

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/net/qtexecutor.h"
#include "engine/net/qttransport.h"

namespace tributary::engine {

/// Answers `GET PATH` with one text and closes; enough for `curl --unix-socket`. Anything else is refused with a
/// reason. Lives, is used and dies on a thread with a Qt event loop. At most kConnectionsMax at a time, each for
/// kConnectionMs and kRequestBytesMax.
class HttpDoor final {
public:
    static constexpr std::size_t kConnectionsMax = 16;
    static constexpr std::size_t kRequestBytesMax = 8192;
    static constexpr int kConnectionMs = 15'000;

    /// Takes the page's text; any thread, once. Nothing happens when the asker or the door are gone.
    using Reply = std::function<void(Bytes text)>;
    struct Page {
        std::string path;         ///< "/metrics"
        std::string contentType;  ///< "text/plain; version=0.0.4; charset=utf-8"
        std::function<void(Reply)> make;
    };

    explicit HttpDoor(Page page);
    ~HttpDoor();
    HttpDoor(const HttpDoor&) = delete;
    HttpDoor& operator=(const HttpDoor&) = delete;

    /// Errors: those of QtTransport::listen; Conflict when somebody answers there already.
    Status open(const std::string& socketPath);
    [[nodiscard]] bool isOpen() const { return listener_ != nullptr; }

private:
    struct Asker {
        std::unique_ptr<Connection> connection;
        Bytes request;
        bool asked = false;  ///< the request is whole: nothing more is read
        std::unique_ptr<QTimer> deadline;
    };
    void accept(std::unique_ptr<Connection> connection);
    void read(std::uint64_t id, BytesView bytes);
    void answer(std::uint64_t id, int status, const std::string& type, const Bytes& text);
    void forget(std::uint64_t id);

    Page page_;
    QtTransport transport_;
    std::shared_ptr<QtExecutor> executor_;  ///< replies from other threads come through it; closed with the door
    std::map<std::uint64_t, Asker> askers_;
    std::uint64_t nextId_ = 1;
    std::unique_ptr<Listener> listener_;
};

}  // namespace tributary::engine
