// Starting Xvfb and the bus.
#include "xserver.h"

#include <signal.h>
#include <sys/prctl.h>

#include <QElapsedTimer>
#include <QFile>
#include <QProcessEnvironment>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

constexpr int kStartMs = 20'000;

/// A bus without services: nothing of the machine is started through it. A look at a window asks for much at once.
const QString kBusConfiguration =
    uR"(<busconfig><type>session</type><listen>unix:dir=%1</listen>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
<limit name="max_replies_per_connection">100000</limit>
</busconfig>
)"_s;

}  // namespace

XServer::XServer(const QSize& size) {
    const QString screen = u"%1x%2x24"_s.arg(size.width()).arg(size.height());
    display_ = startProgram(screen_, u"Xvfb"_s,
                            {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, screen, u"-nolisten"_s, u"tcp"_s,
                             u"-noreset"_s, u"-dpi"_s, u"96"_s},
                            u"xvfb"_s);
    if (!problem_.isEmpty()) return;
    display_.prepend(u':');
    QFile configuration(dir_.filePath(u"bus.conf"_s));
    if (!configuration.open(QIODevice::WriteOnly)) {
        problem_ = configuration.errorString();
        return;
    }
    configuration.write(kBusConfiguration.arg(dir_.path()).toUtf8());
    configuration.close();
    bus_ = startProgram(daemon_, u"dbus-daemon"_s,
                        {u"--config-file="_s + configuration.fileName(), u"--nofork"_s, u"--print-address=1"_s},
                        u"dbus-daemon"_s);
    if (!problem_.isEmpty()) return;
    service_ = std::make_unique<ReaderService>(bus_);
    if (!service_->isUp()) problem_ = u"the private message bus cannot be reached at "_s + bus_;
}

XServer::~XServer() {
    service_.reset();
    for (QProcess* each : {&daemon_, &screen_}) {
        if (each->state() == QProcess::NotRunning) continue;
        each->terminate();
        if (!each->waitForFinished(5'000)) each->kill();
        each->waitForFinished(5'000);
    }
}

void XServer::dieTogether(QProcess& process) {
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

/// Starts a program that prints one line about itself, and returns that line.
QString XServer::startProgram(QProcess& process, const QString& program, const QStringList& arguments,
                              const QString& package) {
    dieTogether(process);
    process.setStandardErrorFile(dir_.filePath(program + u".log"_s));
    process.start(program, arguments);
    if (!process.waitForStarted(kStartMs)) {
        problem_ =
            u"%1 cannot be started: %2\n  try: apt-get install %3"_s.arg(program, process.errorString(), package);
        return {};
    }
    QElapsedTimer clock;
    clock.start();
    while (!process.canReadLine() && process.state() == QProcess::Running && clock.elapsed() < kStartMs) {
        process.waitForReadyRead(200);
    }
    const QString line = QString::fromUtf8(process.readLine()).trimmed();
    if (line.isEmpty()) {
        QFile log(dir_.filePath(program + u".log"_s));
        const QString said = log.open(QIODevice::ReadOnly) ? QString::fromUtf8(log.readAll()) : QString();
        problem_ = u"%1 did not come up: %2\n  try: apt-get install --reinstall %3"_s.arg(program, said, package);
    }
    return line;
}

QProcessEnvironment XServer::environment() const {
    QProcessEnvironment out = QProcessEnvironment::systemEnvironment();
    out.insert(u"DISPLAY"_s, display_);
    out.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
    out.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, bus_);
    out.remove(u"AT_SPI_BUS_ADDRESS"_s);
    for (const QString& each : {u"QT_QPA_PLATFORMTHEME"_s, u"QT_STYLE_OVERRIDE"_s, u"WAYLAND_DISPLAY"_s})
        out.remove(each);
    return out;
}

}  // namespace tributary::test
