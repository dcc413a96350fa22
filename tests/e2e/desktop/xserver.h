// A screen of the test's own: Xvfb on a display number that it chooses itself, and a private message bus.
#pragma once

#include <QProcess>
#include <QSize>
#include <QString>
#include <QTemporaryDir>
#include <memory>

#include "readerservice.h"

namespace tributary::test {

/// Starts both with the object and ends both, by their process ids, with it. They die with the test at the latest, even
/// when that is killed.
class XServer {
public:
    explicit XServer(const QSize& size);
    ~XServer();
    XServer(const XServer&) = delete;
    XServer& operator=(const XServer&) = delete;

    /// Why there is no screen, with what to do; empty when all is well.
    [[nodiscard]] const QString& problem() const { return problem_; }
    /// ":7".
    [[nodiscard]] const QString& display() const { return display_; }
    /// The address of the bus over which programs talk to screen readers.
    [[nodiscard]] const QString& bus() const { return bus_; }
    /// What a program needs to show itself here and to be read.
    [[nodiscard]] QProcessEnvironment environment() const;

    /// A child dies when its parent does, however that ends.
    static void dieTogether(QProcess& process);

private:
    QString startProgram(QProcess& process, const QString& program, const QStringList& arguments,
                         const QString& package);

    QTemporaryDir dir_;
    QProcess screen_;
    QProcess daemon_;
    QString problem_;
    QString display_;
    QString bus_;
    std::unique_ptr<ReaderService> service_;
};

}  // namespace tributary::test
