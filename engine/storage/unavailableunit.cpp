// A unit that answers with the reason why there is none.
#include "engine/storage/unavailableunit.h"

namespace tributary::engine {
namespace {

class UnavailableUnit final : public StateUnit {
public:
    explicit UnavailableUnit(Error reason) : reason_(std::move(reason)) {}

    const Error* unavailable() const override { return &reason_; }
    Status apply(const EntryRef&) override { return okStatus(); }  // stays in the log, which nothing releases
    Lsn appliedLsn() const override { return 0; }
    Lsn flushedLsn() const override { return 0; }
    Lsn checkpointedLsn() const override { return 0; }
    Lsn coveredLsn() override { return 0; }
    std::vector<StateRest> rests() override { return {}; }
    void advanceTo(Lsn) override {}
    std::size_t memoryBytes() const override { return 0; }
    std::uint64_t memoryRows() const override { return 0; }
    std::uint64_t storedRows() const override { return 0; }
    Result<std::unique_ptr<StateView>> view(bool) override { return reason_; }
    void setFoldContext(FoldContext) override {}
    void setNow(Millis) override {}
    std::unique_ptr<StateJob> makeFlush(Lsn) override { return nullptr; }
    std::unique_ptr<StateJob> makeCheckpoint(bool) override { return nullptr; }
    std::uint64_t diskBytes() override { return 0; }

private:
    Error reason_;
};

}  // namespace

std::unique_ptr<StateUnit> makeUnavailableUnit(Error reason) {
    return std::make_unique<UnavailableUnit>(std::move(reason));
}

}  // namespace tributary::engine
