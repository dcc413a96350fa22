// A listening local socket that outlives a moment without descriptors.
#pragma once

#include <QLocalSocket>
#include <QObject>
#include <QSocketNotifier>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace tributary::engine {

/// Qt's own server closes for good, and removes its file, when one accept fails (too many open files): a daemon could
/// then never be asked again. This one waits and tries again; who dials meanwhile waits with it. The file can be used
/// by its owner only. On the thread that made it; its event loop accepts.
class LocalAcceptor final : public QObject {
public:
    using OnSocket = std::function<void(QLocalSocket*)>;  ///< takes the socket over
    /// Listens at an absolute path, whose file must not exist. Errors: Conflict (it exists), Io.
    static Result<std::unique_ptr<LocalAcceptor>> listen(const std::string& path, OnSocket onSocket, QObject* parent);
    ~LocalAcceptor() override;

    /// Stops listening and removes the file.
    void close();

private:
    static constexpr int kRetryMs = 100;

    LocalAcceptor(int fd, std::string path, OnSocket onSocket, QObject* parent);
    void acceptAll();
    static QLocalSocket* socketOf(int fd) noexcept;

    int fd_;
    std::string path_;
    OnSocket onSocket_;
    QSocketNotifier notifier_;
};

}  // namespace tributary::engine
