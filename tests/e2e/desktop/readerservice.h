// Tells programs that a screen reader is there, as a desktop does when one is started.
#pragma once

#include <QSemaphore>
#include <QString>
#include <QThread>

namespace tributary::test {

/// The name org.a11y.Bus on a private bus: a program that asks is told that a reader is on, and that it listens on this
/// very bus. On a thread of its own, since the test waits for the program in blocking calls.
class ReaderService final : public QThread {
public:
    explicit ReaderService(QString busAddress);
    ~ReaderService() override;
    /// False when the bus cannot be reached.
    [[nodiscard]] bool isUp() const { return up_; }

protected:
    void run() override;

private:
    QString address_;
    QSemaphore tried_;
    bool up_ = false;
};

}  // namespace tributary::test
