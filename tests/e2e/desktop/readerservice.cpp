// The few answers that Qt's accessibility bridge wants before it begins.
#include "readerservice.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QDBusVirtualObject>

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

const QString kConnection = u"reader-service"_s;

class Answers final : public QDBusVirtualObject {
public:
    explicit Answers(QString address) : address_(std::move(address)) {}
    [[nodiscard]] QString introspect(const QString& /*path*/) const override { return {}; }
    bool handleMessage(const QDBusMessage& message, const QDBusConnection& connection) override {
        if (message.member() == u"GetAddress") return connection.send(message.createReply(address_));
        if (message.member() == u"Get") {  // IsEnabled and ScreenReaderEnabled
            return connection.send(message.createReply(QVariant::fromValue(QDBusVariant(true))));
        }
        return false;
    }

private:
    QString address_;
};

}  // namespace

ReaderService::ReaderService(QString busAddress) : address_(std::move(busAddress)) {
    start();
    tried_.acquire();
}

ReaderService::~ReaderService() {
    quit();
    wait();
}

void ReaderService::run() {
    Answers answers(address_);
    {
        QDBusConnection bus = QDBusConnection::connectToBus(address_, kConnection);
        up_ = bus.registerVirtualObject(u"/org/a11y/bus"_s, &answers, QDBusConnection::SingleNode) &&
              bus.registerService(u"org.a11y.Bus"_s);
        tried_.release();
        exec();
        bus.unregisterObject(u"/org/a11y/bus"_s);
    }
    QDBusConnection::disconnectFromBus(kConnection);
}

}  // namespace tributary::test
