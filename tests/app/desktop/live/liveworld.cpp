// Making the example and driving it.
#include "liveworld.h"

#include <QFile>

#include "app/rows/customerrows.h"
#include "app/rows/putpipeline.h"
#include "app/rows/targettable.h"
#include "core/workspace/workspace.h"

using namespace Qt::StringLiterals;

namespace tributary::test {

using desktop::EngineState;
using desktop::RunPhase;

LiveWorld::LiveWorld() {
    valid_ = dir_.isValid() && createExample("multi-master", dir().toStdString()).ok();
}

LiveWorld::~LiveWorld() {
    live_.reset();
}

desktop::LiveWorkspace& LiveWorld::open() {
    live_.reset();
    live_ = std::make_unique<desktop::LiveWorkspace>(dir(), desktop::LiveOptions{{}, 100});
    return *live_;
}

bool LiveWorld::start() {
    if (live_ == nullptr) open();
    live_->startEngine();
    const bool up = QTest::qWaitFor(
        [this] {
            const auto& clusters = live_->snapshot().status.clusters;
            return live_->engine().state == EngineState::Running && clusters.size() == 2 && clusters[0].answered &&
                   clusters[1].answered;
        },
        kPatientMs);
    if (!up) {
        qWarning("engine %d: %s | %s", static_cast<int>(live_->engine().state), qPrintable(live_->engine().reason),
                 qPrintable(live_->snapshot().problem));
    }
    return up;
}

bool LiveWorld::load(std::uint64_t rows, std::uint64_t first) {
    auto session = app::Session::open({dir().toStdString(), {}, false});
    if (!session) return false;
    const auto table = app::findTable((*session)->directory(), kSource);
    auto client = (*session)->directory().connect("sanfrancisco");
    if (!table || !client) return false;
    app::CustomerRows made(table->families, 1, app::KeyOrder::Sequential);
    app::PutPipeline pipeline(**client, {table->path, made.families()});
    for (std::uint64_t i = 0; i < rows; ++i) {
        made.append(first + i, pipeline.builder());
        if (!pipeline.rowDone()) return false;
    }
    return pipeline.finish().ok();
}

bool LiveWorld::chooseMultiMaster() {
    desktop::RunControl& run = live_->run();
    run.choose(QStringLiteral("multi-master-setup"));
    if (!QTest::qWaitFor([&] { return run.runbook() != nullptr; }, kPatientMs)) return false;
    run.setParameter("source", kSource);
    run.setParameter("replica", kReplica);
    return run.parametersComplete();
}

bool LiveWorld::makeMultiMaster() {
    if (!chooseMultiMaster() || !live_->run().start(false)) return false;
    const bool over = QTest::qWaitFor([&] { return live_->run().phase() == RunPhase::Ended; }, kPatientMs);
    return over && live_->run().ending()->result.outcome == runbooks::RunOutcome::Success;
}

const app::LinkRow* LiveWorld::link(const std::string& from) const {
    for (const app::LinkRow& row : live_->snapshot().status.links) {
        if (row.from == from) return &row;
    }
    return nullptr;
}

QString LiveWorld::audited() const {
    QFile log(dir() + u"/.tributary/audit.log"_s);
    return log.open(QIODevice::ReadOnly) ? QString::fromUtf8(log.readAll()) : QString();
}

}  // namespace tributary::test
