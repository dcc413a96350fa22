// Exceptions as values.
#include <QTest>
#include <new>
#include <stdexcept>
#include <system_error>

#include "core/base/exceptions.h"
#include "testmain.h"

namespace tributary::test {

class ExceptionsTest final : public QObject {
    Q_OBJECT
private slots:
    void whatTheSystemRefusedIsAnErrorOfTheWorld() {
        const Status memory = orError([]() -> Status { throw std::bad_alloc(); });
        QCOMPARE(memory.error().code, ErrorCode::Io);
        QVERIFY(memory.error().what.find("out of memory") != std::string::npos);
        QVERIFY(!memory.error().fix.empty());
        const Status thread = orError([]() -> Status {
            throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again), "thread");
        });
        QCOMPARE(thread.error().code, ErrorCode::Io);
        QVERIFY(thread.error().fix.find("ulimit -u") != std::string::npos);
    }
    void anyOtherExceptionIsAMistakeOfOurs() {
        const auto failed = orError([]() -> Result<int> { throw std::logic_error("seven"); });
        QCOMPARE(failed.error().code, ErrorCode::Internal);
        QVERIFY(failed.error().what.find("seven") != std::string::npos);
    }
    void aResultPassesThrough() {
        QCOMPARE(orError([]() -> Result<int> { return 7; }).valueOr(0), 7);
    }
};
TRIBUTARY_TEST(ExceptionsTest)

}  // namespace tributary::test
#include "tst_exceptions.moc"
