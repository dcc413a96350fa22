// The order of runs, and which of them are meant when none is named.
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <filesystem>

#include "harness.h"
#include "runbooks/runner/runstore.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

/// A workspace's runs, with a clock that stands still.
struct Store {
    QTemporaryDir folder;
    RunStore store{folder.path().toStdString() + "/runs"};
    FakeClock clock;
    FakePort port{clock};
    ScriptedApprover approver;
    LogListener listener;

    /// The id of a run of steps /t/NAME; `until` as in RunOptions.
    std::string run(const std::string& name, const std::string& until = {}) {
        Result<Runbook> book = parseRunbook(runbookOf(makeStep(name) + makeStep(name + "2")), "t.yaml");
        if (!book.ok()) return {};
        book->id = name;
        auto journal = store.create(name, clock);
        if (!journal.ok()) return {};
        Runner runner(port, clock, approver, listener, spoken());
        RunOptions options;
        options.until = until;
        (void)runner.run(*book, {}, **journal, options);
        return (*journal)->state().runId;
    }
    [[nodiscard]] std::vector<std::string> names(RunStore::Purpose purpose) const {
        std::vector<std::string> out;
        const auto runs = store.candidates(purpose, spoken());
        if (!runs) qFatal("%s", runs.error().full().c_str());
        for (const RunSummary& run : *runs) out.push_back(run.runbookId);
        return out;
    }
};

}  // namespace

class TestRunStore : public QObject {
    Q_OBJECT
private slots:
    void theNewestIsTheLastBegunWhateverTheClockSays() {
        Store world;
        const std::string first = world.run("zebra");
        const std::string second = world.run("apple");  // the same second, and a name that sorts before
        QCOMPARE(world.store.read({})->runId, second);
        world.clock.passedMs -= 3'600'000;  // a clock set back
        const std::string third = world.run("mango");
        QCOMPARE(world.store.read({})->runId, third);
        const auto list = world.store.list();
        QVERIFY_OK(list);
        QCOMPARE(list->size(), std::size_t{3});
        QCOMPARE((*list)[0].number, std::int64_t{3});
        QCOMPARE((*list)[2].runId, first);
    }
    void numbersAreNotUsedTwiceThoughRunsOrTheCounterAreDeleted() {
        Store world;
        const std::string first = world.run("a");
        const std::string folder = world.folder.path().toStdString() + "/runs/";
        std::filesystem::remove_all(folder + first);
        (void)world.run("b");
        QCOMPARE(world.store.read({})->number, std::int64_t{2});
        std::filesystem::remove(folder + "counter");
        (void)world.run("c");
        QCOMPARE(world.store.read({})->number, std::int64_t{3});
    }
    void runsOfAReleaseWithoutNumbersComeBefore() {
        Store world;
        (void)world.run("old");
        const RunState newer = *world.store.read({});
        QCOMPARE(newer.number, std::int64_t{1});
        const std::string old = world.folder.path().toStdString() + "/runs/20990101T000000-old";
        std::filesystem::create_directories(old);
        std::string text;
        RunJournal journal(std::make_unique<MemorySink>(text), world.clock, "20990101T000000-old");
        Result<Runbook> book = parseRunbook(runbookOf(makeStep("x")), "t.yaml");
        QVERIFY_OK(book);
        Runner runner(world.port, world.clock, world.approver, world.listener, spoken());
        (void)runner.run(*book, {}, journal, {});
        QFile out(QString::fromStdString(old + "/journal.jsonl"));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text.data(), static_cast<qint64>(text.size()));
        out.close();
        QCOMPARE(world.store.read({})->runId, newer.runId);
        QCOMPARE(world.store.read("20990101T000000-old")->outcome, RunOutcome::Success);
    }
    void severalThatQualifyAreAllNamed() {
        Store world;
        (void)world.run("a", "a");
        (void)world.run("b", "b");
        (void)world.run("c");
        const std::vector<std::string> unfinished{"b", "a"};
        QVERIFY(world.names(RunStore::Purpose::Resume) == unfinished);
        const std::vector<std::string> undoable{"c", "b", "a"};
        QVERIFY(world.names(RunStore::Purpose::Undo) == undoable);
        // The same job begun anew: the older attempt is given up, but what it made is still its own to undo.
        (void)world.run("a", "a");
        const std::vector<std::string> newer{"a", "b"};
        QVERIFY(world.names(RunStore::Purpose::Resume) == newer);
        QVERIFY(world.names(RunStore::Purpose::Undo) == undoable);  // the second run of it found all done
    }
    void aRunThatCannotBeReadAnyMoreMayBeMeant() {
        Store world;
        (void)world.run("a", "a");
        const std::string newest = world.run("b", "b");
        QFile journal(QString::fromStdString(world.store.journalPath(newest)));
        QVERIFY(journal.open(QIODevice::ReadWrite));
        const QList<QByteArray> lines = journal.readAll().split('\n');
        QVERIFY(lines.size() > 4);
        QVERIFY(journal.seek(lines[0].size() + lines[1].size() / 2));
        journal.write("damaged");
        journal.close();
        for (const RunStore::Purpose purpose : {RunStore::Purpose::Undo, RunStore::Purpose::Resume}) {
            const auto runs = world.store.candidates(purpose, spoken());
            QVERIFY_OK(runs);
            QCOMPARE(runs->size(), std::size_t(2));
            QCOMPARE(runs->front().runId, newest);
            QCOMPARE(runs->front().standing, std::string("unreadable"));
        }
        // One that was made and never began has nothing to it.
        const std::string begun = world.store.journalPath("20990101T000000-empty");
        std::filesystem::create_directories(std::filesystem::path(begun).parent_path());
        QFile empty(QString::fromStdString(begun));
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.close();
        QCOMPARE(world.store.candidates(RunStore::Purpose::Undo, spoken())->size(), std::size_t(2));
    }
    void aLiveRunThatAsksBeforeItBeginsIsTheNewestAndNotDamaged() {
        Store world;
        QVERIFY(!world.run("earlier").empty());
        const auto lock = world.store.lock();
        QVERIFY_OK(lock);
        const auto journal = world.store.create("waits", world.clock);
        QVERIFY_OK(journal);
        const auto runs = world.store.list();
        QVERIFY_OK(runs);
        QCOMPARE(runs->size(), std::size_t(2));
        QVERIFY2(runs->front().runId.ends_with("-waits"), runs->front().runId.c_str());
        QCOMPARE(runs->front().standing, std::string("not begun"));
        QVERIFY2(runs->front().problem.find("asks before its first step") != std::string::npos,
                 runs->front().problem.c_str());
    }
    void aFolderThatCannotBeLookedIntoIsNotEmpty() {
        Store world;
        QVERIFY(world.store.list()->empty());  // nothing is there yet: that is known
        QFile file(QString::fromStdString(world.folder.path().toStdString() + "/runs"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QCOMPARE(world.store.list().error().code, ErrorCode::Io);
        QCOMPARE(world.store.read({}).error().code, ErrorCode::Io);
        QCOMPARE(world.store.candidates(RunStore::Purpose::Undo, spoken()).error().code, ErrorCode::Io);
        QVERIFY2(world.store.ids().error().what.starts_with("the runs cannot be looked at: "),
                 world.store.ids().error().what.c_str());
    }
    void aLiveRunIsNamedByItsProcess() {
        Store world;
        QVERIFY(!world.store.live());
        const auto lock = world.store.lock();
        QVERIFY_OK(lock);
        QCOMPARE(world.store.live().value_or(LiveRun{}).pid, static_cast<int>(::getpid()));
        const std::string id = world.run("one");
        // As it is before its end: without the last record.
        QFile journal(QString::fromStdString(world.store.journalPath(id)));
        QVERIFY(journal.open(QIODevice::ReadWrite));
        const QByteArray text = journal.readAll();
        QVERIFY(journal.resize(text.lastIndexOf('\n', text.size() - 2) + 1));
        const auto standing = [&] { return world.store.list().value().front().standing; };
        QCOMPARE(standing(), std::string("unfinished"));
        lock.value()->holds(id);
        QCOMPARE(world.store.live().value_or(LiveRun{}).runId, id);
        QCOMPARE(standing(), std::string("running"));
        QCOMPARE(std::string(world.store.read(id).value().standing()), std::string("running"));
    }
};
TRIBUTARY_TEST(TestRunStore)
#include "tst_runstore.moc"
