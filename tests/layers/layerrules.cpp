// Who may include and link what: core <- engine, core <- runbooks, and only app sees all (architecture, section 2).
#include "rule.h"

using namespace Qt::StringLiterals;

namespace tributary::layers {
namespace {

/// Files at `where` (and not at `except`) must not include `what`.
struct IncludeBan {
    QString id;
    QString where;
    QString except;
    QString what;
    QString why;
};

/// Folders that touch the real machine: sockets, files, threads, wall clocks.
const QString kRealWorld = u"^engine/(net|machine)/"_s;

std::vector<IncludeBan> includeBans() {
    const QString anyQt = u"^(Q[A-Z]\\w*|Qt[A-Z]\\w*/.*|q[a-z]+\\.h)$"_s;
    return {
        {u"core-below-all"_s, u"^core/"_s, {}, u"^(engine|runbooks|app|tests)/"_s, u"core is the lowest layer"_s},
        {u"base-below-core"_s, u"^core/base/"_s, {}, u"^core/(?!base/)"_s, u"every folder of core stands on base"_s},
        {u"engine-sees-core"_s, u"^engine/"_s, {}, u"^(runbooks|app|tests)/"_s, u"engine knows only core"_s},
        {u"runbooks-see-core"_s, u"^runbooks/"_s, {}, u"^(engine|app|tests)/"_s, u"runbooks know only core"_s},
        {u"app-not-tests"_s, u"^app/"_s, {}, u"^tests/"_s, u"the product does not contain its tests"_s},
        {u"seams-only-core-base"_s,
         u"^engine/seams/"_s,
         {},
         u"^(core/(?!base/)|engine/(?!seams/))"_s,
         u"the seams are what everything else of engine stands on"_s},
        {u"qt-below-app"_s, u"^(core|runbooks|engine)/"_s, u"^engine/net/"_s, anyQt, u"standard C++ below app"_s},
        {u"sqlite-in-db"_s, u"^(core|engine|runbooks|app)/"_s, u"^core/db/"_s, u"^sqlite3(ext)?\\.h$"_s,
         u"SQLite is reached through core/db"_s},
        {u"network-in-net"_s, u"^(core|engine|runbooks|app)/"_s, u"^engine/net/"_s,
         u"^(QtNetwork/.*|Q(Tcp|Ssl|Local|Udp|Dtls|Host|Network|AbstractSocket|Authenticator)\\w*|"
         "sys/socket\\.h|sys/un\\.h|netinet/.*|arpa/inet\\.h|netdb\\.h)$"_s,
         u"sockets are reached through Transport"_s},
        {u"gui-in-desktop"_s, u"^(core|engine|runbooks|app|tests)/"_s, u"^(app|tests/app)/desktop/"_s,
         u"^(Qt(Widgets|Gui|OpenGL|PrintSupport|Svg|Charts)/.*|qcustomplot\\.h|"
         "Q(Widget|MainWindow|Dialog|Application|GuiApplication|Painter|Color|Image|Pixmap|Icon|Font|Graphics|Action|"
         "Undo|StandardItem|Label|PushButton|Menu|Tab|Tree|Table|Screen|Window|Palette|Clipboard)\\w*)$"_s,
         u"only the designer has a GUI"_s},
        {u"seams-not-system"_s, u"^engine/"_s, kRealWorld,
         u"^(fstream|thread|future|random|unistd\\.h|fcntl\\.h|"
         "sys/(stat|time|mman|file|types)\\.h|time\\.h|signal\\.h)$"_s,
         u"files, threads, time and chance come in through engine/seams"_s},
    };
}

QStringList bannedIncludes(const IncludeBan& ban, const Tree& tree) {
    static const auto kInclude = pattern(uR"re(^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"])re"_s);
    const auto where = pattern(ban.where);
    const auto except = pattern(ban.except.isEmpty() ? u"(?!)"_s : ban.except);
    const auto what = pattern(ban.what);
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource() || !where.match(file.path).hasMatch() || except.match(file.path).hasMatch()) continue;
        for (auto it = kInclude.globalMatch(file.raw); it.hasNext();) {
            const auto match = it.next();
            if (!what.match(match.captured(1)).hasMatch()) continue;
            found << u"%1: includes %2; %3"_s.arg(file.placeOf(match.capturedStart(1)), match.captured(1), ban.why);
        }
    }
    return found;
}

/// Quoted includes name their file from the repository root, so that the bans above see the layer.
QStringList unrootedIncludes(const Tree& tree) {
    static const auto kQuoted = pattern(uR"re(^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)")re"_s);
    static const auto kRooted = pattern(u"^((core|engine|runbooks|app)/|[^/]+\\.moc$)"_s);
    QStringList found;
    for (const SourceFile& file : tree) {
        const bool inTests = file.path.startsWith(u"tests/");
        if (!file.isSource()) continue;
        for (auto it = kQuoted.globalMatch(file.raw); it.hasNext();) {
            const auto match = it.next();
            const QString name = match.captured(1);
            if (kRooted.match(name).hasMatch() || (inTests && !name.startsWith(u"../"))) continue;
            found << u"%1: includes \"%2\"; write the path from the repository root"_s.arg(
                file.placeOf(match.capturedStart(1)), name);
        }
    }
    return found;
}

/// CMake files at `where` (and not at `except`) must not name `what`.
QStringList bannedLinks(const IncludeBan& ban, const Tree& tree) {
    const auto where = pattern(ban.where);
    const auto except = pattern(ban.except.isEmpty() ? u"(?!)"_s : ban.except);
    const auto what = pattern(ban.what);
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isCMake() || !where.match(file.path).hasMatch() || except.match(file.path).hasMatch()) continue;
        for (auto it = what.globalMatch(file.raw); it.hasNext();) {
            const auto match = it.next();
            found << u"%1: links %2; %3"_s.arg(file.placeOf(match.capturedStart()), match.captured(), ban.why);
        }
    }
    return found;
}

std::vector<IncludeBan> linkBans() {
    const QString all = u"^(core|engine|runbooks|app|tests)/"_s;
    return {
        {u"core-links-core"_s, u"^core/"_s, {}, u"\\b(engine|runbooks|app)_\\w+"_s, u"core is the lowest layer"_s},
        {u"engine-links-core"_s, u"^engine/"_s, {}, u"\\b(runbooks|app)_\\w+"_s, u"engine knows only core"_s},
        {u"runbooks-link-core"_s, u"^runbooks/"_s, {}, u"\\b(engine|app)_\\w+"_s, u"runbooks know only core"_s},
        {u"qt-linked-below-app"_s, u"^(core|engine|runbooks)/"_s, u"^engine/net/"_s, u"\\bQt6::\\w+"_s,
         u"standard C++ below app"_s},
        {u"network-linked-in-net"_s, all, u"^engine/net/"_s, u"\\bQt6::Network\\b"_s,
         u"sockets are reached through Transport"_s},
        {u"sqlite-linked-in-db"_s, all, u"^core/db/"_s, u"\\b(SQLite::SQLite3|sqlite3)\\b"_s,
         u"SQLite is reached through core/db"_s},
        {u"gui-linked-in-desktop"_s, all, u"^(app|tests/app)/desktop/"_s,
         u"\\b(Qt6::(Gui|Widgets|OpenGL|PrintSupport|Svg|Charts)|QCustomPlot\\w*)\\b"_s,
         u"the terminal never links Gui"_s},
    };
}

}  // namespace

std::vector<Rule> layerRules() {
    std::vector<Rule> rules;
    for (const IncludeBan& ban : includeBans()) {
        rules.push_back({ban.id, ban.why, [ban](const Tree& tree) { return bannedIncludes(ban, tree); }});
    }
    rules.push_back({u"includes-from-root"_s, u"a relative include hides its layer"_s, unrootedIncludes});
    for (const IncludeBan& ban : linkBans()) {
        rules.push_back({ban.id, ban.why, [ban](const Tree& tree) { return bannedLinks(ban, tree); }});
    }
    return rules;
}

}  // namespace tributary::layers
