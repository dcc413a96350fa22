// Atomic saving: the old text or the new one, never a part, and nothing left behind.
#include "core/workspace/atomicfile.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "core/workspace/strictyaml.h"
#include "testmain.h"

using namespace tributary;

namespace {

/// Makes every file of this process end at `bytes`, as a full disk would.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        getrlimit(RLIMIT_FSIZE, &old_);
        handler_ = signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, old_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &old_);
        signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit old_{};
    void (*handler_)(int) = nullptr;
};

}  // namespace

class TestAtomicFile : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>(QStringLiteral("/tmp/atomic file XXXXXX"));
        path_ = dir_->filePath(QStringLiteral("topology.yaml")).toStdString();
    }

    void writesAndReplaces() {
        QVERIFY_OK(saveFileAtomically(path_, "one"));
        QCOMPARE(readTextFile(path_).valueOr(""), std::string("one"));
        QVERIFY_OK(saveFileAtomically(path_, "two, longer"));
        QCOMPARE(readTextFile(path_).valueOr(""), std::string("two, longer"));
        QCOMPARE(onlyFile(), true);
    }

    void keepsTheModeAndFollowsALink() {
        QVERIFY_OK(saveFileAtomically(path_, "one"));
        QFile file(QString::fromStdString(path_));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        const QString link = dir_->filePath(QStringLiteral("link.yaml"));
        QVERIFY(QFile::link(QString::fromStdString(path_), link));
        QVERIFY_OK(saveFileAtomically(link.toStdString(), "two"));
        QVERIFY(QFileInfo(link).isSymLink());
        QCOMPARE(readTextFile(path_).valueOr(""), std::string("two"));
        QVERIFY((file.permissions() & (QFile::ReadGroup | QFile::ReadOther)) == QFile::Permissions());
    }

    void aFullDiskLeavesTheOldText() {
        QVERIFY_OK(saveFileAtomically(path_, "precious"));
        Status saved = okStatus();
        {
            const FileSizeLimit limit(4096);
            saved = saveFileAtomically(path_, std::string(1'000'000, 'x'));
        }
        QVERIFY(!saved.ok());
        QCOMPARE(saved.error().code, ErrorCode::DiskFull);
        QVERIFY(!saved.error().fix.empty());
        QCOMPARE(readTextFile(path_).valueOr(""), std::string("precious"));
        QVERIFY(onlyFile());
    }

    void aMissingFolderAndAFolderAreErrors() {
        QCOMPARE(saveFileAtomically(path_ + "/none/x", "a").error().code, ErrorCode::NotFound);
        QCOMPARE(saveFileAtomically(dir_->path().toStdString(), "a").error().code, ErrorCode::InvalidInput);
        QVERIFY(QDir(dir_->path()).isEmpty());
    }

private:
    [[nodiscard]] bool onlyFile() const { return QDir(dir_->path()).entryList(QDir::Files | QDir::Hidden).size() == 1; }

    std::unique_ptr<QTemporaryDir> dir_;
    std::string path_;
};
TRIBUTARY_TEST(TestAtomicFile)
#include "tst_atomicfile.moc"
