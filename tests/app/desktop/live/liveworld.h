// A workspace of the multi-master example in a folder of its own, for tests against the real engine.
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "app/desktop/live/liveworkspace.h"

namespace tributary::test {

/// Loading 100,000 rows or a first start on a busy machine may take its time; what is waited for is a condition.
constexpr int kPatientMs = 60'000;

inline const char* const kSource = "/mapr/sanfrancisco/customers";
inline const char* const kReplica = "/mapr/newyork/customers";

/// The example's drawing on disk; nothing runs yet.
class LiveWorld {
public:
    LiveWorld();
    ~LiveWorld();

    [[nodiscard]] QString dir() const { return dir_.path() + QStringLiteral("/work space"); }
    [[nodiscard]] bool isValid() const { return valid_; }
    /// Opens the workspace anew (a window that was closed before is gone).
    desktop::LiveWorkspace& open();
    void close() { live_.reset(); }
    [[nodiscard]] desktop::LiveWorkspace& live() { return *live_; }
    /// Starts the engine and waits until both clusters answered.
    [[nodiscard]] bool start();
    /// Writes made-up customers, keys from `first` on.
    [[nodiscard]] bool load(std::uint64_t rows, std::uint64_t first = 0);
    /// Chooses multi-master-setup for the example's two tables.
    [[nodiscard]] bool chooseMultiMaster();
    /// Runs it to its end; true on success.
    [[nodiscard]] bool makeMultiMaster();
    [[nodiscard]] const app::LinkRow* link(const std::string& from) const;
    /// What the workspace's audit log holds.
    [[nodiscard]] QString audited() const;

private:
    QTemporaryDir dir_;
    bool valid_ = false;
    std::unique_ptr<desktop::LiveWorkspace> live_;
};

}  // namespace tributary::test
