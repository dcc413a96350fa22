// The accessibility protocol (org.a11y.atspi), as much of it as looking needs.
#include "reader.h"

#include <QDBusArgument>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusReply>
#include <deque>

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

const QString kAccessible = u"org.a11y.atspi.Accessible"_s;
const QString kRoot = u"/org/a11y/atspi/accessible/root"_s;
constexpr int kAnswerMs = 5'000;

QDBusMessage askFor(const QString& service, const QString& path, const QString& interface, const QString& method) {
    return QDBusMessage::createMethodCall(service, path, interface, method);
}

QDBusMessage askForProperty(const QString& service, const QString& path, const QString& name) {
    QDBusMessage message = askFor(service, path, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    message << kAccessible << name;
    return message;
}

QStringList childrenIn(const QDBusMessage& answer) {
    QStringList out;
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty()) return out;
    const auto list = answer.arguments().first().value<QDBusArgument>();
    list.beginArray();
    while (!list.atEnd()) {
        QString service;
        QDBusObjectPath path;
        list.beginStructure();
        list >> service >> path;
        list.endStructure();
        out << path.path();
    }
    list.endArray();
    return out;
}

quint64 statesIn(const QDBusMessage& answer) {
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty()) return 0;
    const auto list = answer.arguments().first().value<QDBusArgument>();
    quint64 out = 0;
    int shift = 0;
    list.beginArray();
    while (!list.atEnd()) {
        uint part = 0;
        list >> part;
        out |= static_cast<quint64>(part) << shift;
        shift += 32;
    }
    list.endArray();
    return out;
}

QRect rectIn(const QDBusMessage& answer) {
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty()) return {};
    const auto box = answer.arguments().first().value<QDBusArgument>();
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    box.beginStructure();
    box >> x >> y >> width >> height;
    box.endStructure();
    return {x, y, width, height};
}

QString textIn(const QDBusMessage& answer) {
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty()) return {};
    const QVariant value = answer.arguments().first();
    return value.canConvert<QDBusVariant>() ? value.value<QDBusVariant>().variant().toString() : value.toString();
}

/// What was asked about one object; all answers of a level of the tree are waited for together.
struct Asked {
    int parent;
    QString path;
    QDBusPendingCall states;
    QDBusPendingCall name;
    QDBusPendingCall description;
    QDBusPendingCall role;
    QDBusPendingCall extents;
    QDBusPendingCall children;
};

QDBusMessage answerOf(QDBusPendingCall& call) {
    call.waitForFinished();
    return call.reply();
}

}  // namespace

Reader::Reader(const QString& busAddress, qint64 pid)
    : bus_(QDBusConnection::connectToBus(busAddress, u"reader-%1"_s.arg(pid))),
      busName_(u"reader-%1"_s.arg(pid)),
      pid_(pid) {}

Reader::~Reader() {
    bus_ = QDBusConnection(QString());  // the last other holder: only then does disconnecting close it
    QDBusConnection::disconnectFromBus(busName_);
}

bool Reader::found() {
    if (!service_.isEmpty()) return true;
    if (!bus_.isConnected()) return false;
    const QStringList names = bus_.interface()->registeredServiceNames();
    for (const QString& each : names) {
        if (!each.startsWith(u':') || bus_.interface()->servicePid(each) != static_cast<uint>(pid_)) continue;
        // A program may have several connections; the one that answers for its widgets is ours.
        const QDBusMessage answer = bus_.call(askFor(each, kRoot, kAccessible, u"GetChildren"_s), QDBus::Block, 1'000);
        if (answer.type() == QDBusMessage::ReplyMessage) service_ = each;
    }
    return !service_.isEmpty();
}

Look Reader::look() {
    Look out;
    if (!found()) return out;
    const auto ask = [this](int parent, const QString& path) {
        const auto call = [this](const QDBusMessage& message) { return bus_.asyncCall(message, kAnswerMs); };
        QDBusMessage extents = askFor(service_, path, u"org.a11y.atspi.Component"_s, u"GetExtents"_s);
        extents << 0U;  // of the screen
        return Asked{parent,
                     path,
                     call(askFor(service_, path, kAccessible, u"GetState"_s)),
                     call(askForProperty(service_, path, u"Name"_s)),
                     call(askForProperty(service_, path, u"Description"_s)),
                     call(askFor(service_, path, kAccessible, u"GetRoleName"_s)),
                     call(extents),
                     call(askFor(service_, path, kAccessible, u"GetChildren"_s))};
    };
    std::deque<Asked> level;
    level.push_back(ask(-1, kRoot));
    while (!level.empty()) {
        Asked one = std::move(level.front());
        level.pop_front();
        Widget widget;
        widget.path = one.path;
        widget.parent = one.parent;
        widget.states = statesIn(answerOf(one.states));
        widget.name = textIn(answerOf(one.name));
        widget.description = textIn(answerOf(one.description));
        widget.role = textIn(answerOf(one.role));
        widget.rect = rectIn(answerOf(one.extents));
        const QStringList children = childrenIn(answerOf(one.children));
        // Docks behind others of their tab group wait outside the screen.
        const bool outside = !widget.rect.isEmpty() && (widget.rect.right() < 0 || widget.rect.bottom() < 0);
        // Rows that are scrolled out of sight are still read.
        const bool row = widget.role.endsWith(u"item") || widget.role.endsWith(u"cell");
        if (one.parent >= 0 && ((!widget.visible() && !row) || outside)) continue;
        out.push_back(widget);
        for (const QString& each : children) level.push_back(ask(static_cast<int>(out.size()) - 1, each));
    }
    return out;
}

QString Reader::textOf(const Widget& widget) const {
    QDBusMessage message = askFor(service_, widget.path, u"org.a11y.atspi.Text"_s, u"GetText"_s);
    message << 0 << -1;
    return textIn(bus_.call(message, QDBus::Block, kAnswerMs));
}

bool Reader::isInside(const Look& look, std::size_t index, const QString& name) {
    for (int at = look[index].parent; at >= 0; at = look[static_cast<std::size_t>(at)].parent) {
        if (look[static_cast<std::size_t>(at)].name == name) return true;
    }
    return false;
}

QString Reader::inWords(const Look& look) {
    // Breadth first by reading; depth first for people.
    std::vector<std::vector<std::size_t>> children(look.size());
    for (std::size_t i = 0; i < look.size(); ++i) {
        if (look[i].parent >= 0) children[static_cast<std::size_t>(look[i].parent)].push_back(i);
    }
    QString out;
    const std::function<void(std::size_t, int)> tell = [&](std::size_t index, int depth) {
        const Widget& one = look[index];
        out += u"%1%2 '%3' [%4 %5 %6 %7]%8%9\n"_s.arg(QString(depth * 2, u' '), one.role, one.name)
                   .arg(one.rect.x())
                   .arg(one.rect.y())
                   .arg(one.rect.width())
                   .arg(one.rect.height())
                   .arg(one.enabled() ? one.focused() ? u" FOCUS"_s : QString() : u" off"_s,
                        one.description.isEmpty() ? QString() : u" - "_s + one.description.simplified());
        for (const std::size_t child : children[index]) tell(child, depth + 1);
    };
    if (!look.empty()) tell(0, 0);
    return out;
}

}  // namespace tributary::test
