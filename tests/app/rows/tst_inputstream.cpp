// Inputs that fail are told from inputs that end.
#include "app/rows/inputstream.h"

#include <sys/stat.h>
#include <unistd.h>
#include <QFile>
#include <QTemporaryDir>

#include "app/rows/acklog.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class InputStreamTest : public QObject {
    Q_OBJECT

    [[nodiscard]] std::string path(const char* name) const {
        return dir_.filePath(QString::fromLatin1(name)).toStdString();
    }
    void write(const char* name, const QByteArray& text) const {
        QFile file(dir_.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

private slots:
    void aFileIsReadWhole() {
        write("file", QByteArray(200'000, 'x') + "end");
        auto input = InputStream::open(path("file"));
        QVERIFY_OK(input);
        QVERIFY((*input)->isRegularFile());
        const auto text = (*input)->readAll(1'000'000);
        QVERIFY_OK(text);
        QCOMPARE(text->size(), std::size_t{200'003});
        QVERIFY(text->ends_with("xend"));
        QVERIFY_OK((*input)->problem());
    }

    void whatCannotBeOpenedIsNamed_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("code");
        QTest::newRow("missing") << QStringLiteral("missing") << static_cast<int>(ErrorCode::NotFound);
        QTest::newRow("a folder") << QStringLiteral(".") << static_cast<int>(ErrorCode::InvalidInput);
        QTest::newRow("below a file") << QStringLiteral("plain/x") << static_cast<int>(ErrorCode::NotFound);
    }
    void whatCannotBeOpenedIsNamed() {
        QFETCH(QString, name);
        QFETCH(int, code);
        write("plain", "x");
        const std::string full = dir_.filePath(name).toStdString();
        const auto input = InputStream::open(full);
        QVERIFY(!input.ok());
        QCOMPARE(static_cast<int>(input.error().code), code);
        QCOMPARE(input.error().where, full);
    }

    void anErrorIsNotTheEnd() {
        // The first page of a process' memory is never mapped: it opens, and reading fails.
        auto input = InputStream::open("/proc/self/mem");
        QVERIFY_OK(input);
        const auto text = (*input)->readAll(1'000);
        QVERIFY(!text.ok());
        QCOMPARE(text.error().code, ErrorCode::Io);
        QCOMPARE(text.error().where, std::string("/proc/self/mem"));
        QVERIFY((*input)->bad());
    }

    void aPipeIsNoRegularFile() {
        QCOMPARE(::mkfifo(path("fifo").c_str(), 0600), 0);
        QFile writer(dir_.filePath(QStringLiteral("fifo")));
        QVERIFY(writer.open(QIODevice::ReadWrite | QIODevice::Unbuffered));  // both ends: opening does not wait
        auto input = InputStream::open(path("fifo"));
        QVERIFY_OK(input);
        QVERIFY(!(*input)->isRegularFile());
        writer.write("half a li");
        writer.close();
        std::string line;
        QVERIFY(static_cast<bool>(std::getline(**input, line)));
        QCOMPARE(line, std::string("half a li"));
        QVERIFY((*input)->eof());
        QVERIFY_OK((*input)->problem());
    }

    void tooMuchIsRefused() {
        auto input = InputStream::open("/dev/zero");
        QVERIFY_OK(input);
        const auto text = (*input)->readAll(100'000);
        QVERIFY(!text.ok());
        QCOMPARE(text.error().code, ErrorCode::InvalidInput);
    }

    void aLogOfAcknowledgementsThatCannotBeReadProvesNothing() {
        QVERIFY(!readAckLog(dir_.path().toStdString()).ok());
        QVERIFY(!readAckLog("/proc/self/mem").ok());
        QVERIFY(!readAckLog("/dev/zero").ok());  // it has no end either
        QVERIFY(!AckLogWriter().open("/dev/full").ok());
        QVERIFY(!readAckLog(path("missing")).ok());
    }

private:
    QTemporaryDir dir_;
};
TRIBUTARY_TEST(InputStreamTest)
#include "tst_inputstream.moc"
