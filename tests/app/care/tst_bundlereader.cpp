// A support bundle unpacked for looking: what is taken, what is refused, and that a blotted run can still be shown.
#include "app/care/bundlereader.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <random>

#include "app/care/archivewriter.h"
#include "app/care/supportbundle.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "runbooks/runner/recordedrun.h"
#include "runbooks/runner/runstore.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

constexpr const char* kRunId = "20260105T090000-a";

/// A journal as a run leaves it; nobody asks for its checksums.
std::string journal() {
    return R"({"seq":1,"at":1000,"type":"run","data":{"run":"20260105T090000-a","number":1,"runbook":"a",)"
           R"("title":"A run",)"
           R"("system":"maprdb","hash":"0","text":"runbook: a","parameters":{"token":"hush-hush-hush"},)"
           R"("fingerprint":"",)"
           R"("steps":[{"id":"look","title":"Look"}]}})"
           "\n"
           R"({"seq":2,"at":1001,"type":"session","data":{"kind":"run","user":"ana"}})"
           "\n"
           R"({"seq":3,"at":1002,"type":"step-started","data":{"step":"look"}})"
           "\n"
           R"({"seq":4,"at":1010,"type":"step-result","data":{"step":"look","phase":"done","evidence":[],)"
           R"("fingerprint":"","lag":{}}})"
           "\n"
           R"({"seq":5,"at":1011,"type":"finish","data":{"outcome":"success","exit":0,"reason":"","fix":""}})"
           "\n";
}

}  // namespace

class TestBundleReader : public QObject {
    Q_OBJECT
private slots:
    void aBundleOfOursIsUnpackedAndItsRunRead() {
        const std::string root = path("workspace");
        QVERIFY(QDir().mkpath(QString::fromStdString(root + "/.tributary/runs/" + kRunId)));
        QVERIFY_OK(saveFileAtomically(root + "/topology.yaml", "tributary: 1\nclusters: {sf: {}}\n"));
        QVERIFY_OK(saveFileAtomically(root + "/.tributary/runs/" + kRunId + "/journal.jsonl", journal()));
        const std::string file = path("bundle.tar.gz");
        QVERIFY_OK(writeSupportBundle(WorkspacePaths{root}, {file, 1, {{"status.json", "{}"}}}));
        const auto unpacked = unpackBundle(file, path("out"));
        QVERIFY_OK(unpacked);
        QCOMPARE(unpacked->runs, std::size_t{1});
        QVERIFY(!QFileInfo::exists(QString::fromStdString(path("out") + "/status.json")));
        const runbooks::RunStore store(path("out") + "/.tributary/runs");
        const auto text = readTextFile(store.journalPath(kRunId));
        QVERIFY_OK(text);
        QVERIFY(text->find("hush-hush-hush") == std::string::npos);
        const auto ids = store.ids();
        QVERIFY_OK(ids);
        QCOMPARE(*ids, std::vector<std::string>{kRunId});
        const auto run = runbooks::readRecordedRun(*text, "journal");
        QVERIFY_OK(run);
        QVERIFY2(run->problem.empty(), run->problem.c_str());
        QVERIFY(run->state.finished && run->state.find("look")->phase == runbooks::StepPhase::Done);
        QCOMPARE(unpackBundle(file, path("out")).error().code, ErrorCode::AlreadyExists);
    }
    void whatLeadsOutOfTheFolderIsNotUnpacked() {
        const std::string file = bundle({{"tributary-support/topology.yaml", "tributary: 1\n"},
                                         {"tributary-support/runs/../../evil.jsonl", "x"},
                                         {"tributary-support/runs/a/b.jsonl", "x"},
                                         {"tributary-support/runs/.jsonl", "x"},
                                         {"/tmp/evil", "x"},
                                         {"tributary-support/runs/good.jsonl", "x"}});
        const auto unpacked = unpackBundle(file, path("out2"));
        QVERIFY_OK(unpacked);
        QCOMPARE(unpacked->runs, std::size_t{1});
        QVERIFY(!QFileInfo::exists(QString::fromStdString(path("evil.jsonl"))));
        QCOMPARE(QDir(QString::fromStdString(path("out2") + "/.tributary/runs"))
                     .entryList(QDir::NoDotAndDotDot | QDir::Dirs),
                 QStringList{QStringLiteral("good")});
    }
    void refuses_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("code");
        const auto text = [](const std::string& file) { return QString::fromStdString(file); };
        (void)saveFileAtomically(path("text"), "no archive at all\n");
        QTest::newRow("nothing") << text(path("nowhere")) << static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("a text") << text(path("text")) << static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("another archive") << text(bundle({{"other/readme", "x"}}))
                                         << static_cast<int>(ErrorCode::InvalidInput);
        QTest::newRow("a large file") << text(bundle({{"tributary-support/topology.yaml", std::string(3000, 'x')}}))
                                      << static_cast<int>(ErrorCode::InvalidInput);
        QTest::newRow("many runs") << text(bundle({{"tributary-support/topology.yaml", "x"},
                                                   {"tributary-support/runs/a.jsonl", "x"},
                                                   {"tributary-support/runs/b.jsonl", "x"},
                                                   {"tributary-support/runs/c.jsonl", "x"}}))
                                   << static_cast<int>(ErrorCode::InvalidInput);
    }
    void refuses() {
        QFETCH(const QString, file);
        QFETCH(const int, code);
        const auto unpacked = unpackBundle(file.toStdString(), path("refused"), {100, 2, 2000, 4000});
        QVERIFY(!unpacked.ok());
        QCOMPARE(static_cast<int>(unpacked.error().code), code);
        QVERIFY(!QFileInfo::exists(QString::fromStdString(path("refused"))));
    }
    void survivesAnyDamage() {
        const std::string file = bundle(
            {{"tributary-support/topology.yaml", "tributary: 1\n"}, {"tributary-support/runs/a.jsonl", journal()}});
        const auto whole = readTextFile(file);
        QVERIFY_OK(whole);
        std::mt19937 random(3);
        for (int i = 0; i < 60; ++i) {
            std::string damaged = whole->substr(0, i % 3 == 0 ? random() % whole->size() : whole->size());
            for (int k = 0; k < 2 && !damaged.empty(); ++k)
                damaged[random() % damaged.size()] = static_cast<char>(random());
            QFile out(QString::fromStdString(path("damaged")));
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(QByteArray::fromStdString(damaged)) >= 0);
            out.close();
            const std::string folder = path("damaged-out");
            const auto unpacked = unpackBundle(path("damaged"), folder);
            QCOMPARE(QFileInfo::exists(QString::fromStdString(folder)), unpacked.ok());
            QDir(QString::fromStdString(folder)).removeRecursively();
        }
    }

private:
    [[nodiscard]] std::string path(const char* name) const {
        return dir_.filePath(QString::fromUtf8(name)).toStdString();
    }
    std::string bundle(const std::vector<std::pair<std::string, std::string>>& entries) {
        const std::string file = path(("made-" + std::to_string(++made_) + ".tar.gz").c_str());
        auto writer = ArchiveWriter::create(file, ArchiveWriter::Compression::Gzip);
        if (!writer) return {};
        for (const auto& [name, text] : entries) (void)writer.value()->addText(name, text, 1);
        (void)writer.value()->finish();
        return file;
    }

    QTemporaryDir dir_;
    int made_ = 0;
};
TRIBUTARY_TEST(TestBundleReader)
#include "tst_bundlereader.moc"
