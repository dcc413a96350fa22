// The three themes and what the toolkit needs of them.
#include "app/desktop/style/theme.h"

#include <QApplication>
#include <QFont>
#include <QFontDatabase>
#include <QStyleFactory>

using namespace Qt::StringLiterals;

/// The pictures that the style sheet names; a static library's resources must be asked for.
static void initStyleResources() {
    Q_INIT_RESOURCE(style);
}

namespace tributary::desktop {

namespace {

QColor hex(const char16_t* text) {
    return QColor(QString::fromUtf16(text));
}

Theme lightTheme() {
    Theme t;
    t.kind = ThemeKind::Light;
    t.window = hex(u"#eef0f3");
    t.panel = hex(u"#f8f9fb");
    t.raised = hex(u"#ffffff");
    t.hover = hex(u"#e8ecf2");
    t.border = hex(u"#dbe0e7");
    t.borderStrong = hex(u"#b9c2ce");
    t.text = hex(u"#1b2430");
    t.muted = hex(u"#5b6878");
    t.accent = hex(u"#1f6f8b");
    t.accentSoft = hex(u"#d5e8ee");
    t.onAccent = hex(u"#ffffff");
    t.canvas = hex(u"#fbfcfd");
    t.grid = hex(u"#e3e8ee");
    t.cluster = hex(u"#f2f5f8");
    t.clusterHead = hex(u"#e6ebf1");
    t.link = hex(u"#4a6178");
    t.good = hex(u"#217a4b");
    t.warn = hex(u"#9a6300");
    t.bad = hex(u"#b3362b");
    t.info = hex(u"#2c64a8");
    t.goodSoft = hex(u"#dff2e7");
    t.warnSoft = hex(u"#fbeed3");
    t.badSoft = hex(u"#fbe3e0");
    t.infoSoft = hex(u"#e0eaf8");
    t.shadow = QColor(20, 30, 45, 26);
    return t;
}

Theme darkTheme() {
    Theme t;
    t.kind = ThemeKind::Dark;
    t.window = hex(u"#14181e");
    t.panel = hex(u"#1a1f27");
    t.raised = hex(u"#222933");
    t.hover = hex(u"#2a323e");
    t.border = hex(u"#303946");
    t.borderStrong = hex(u"#4a5666");
    t.text = hex(u"#e5eaf0");
    t.muted = hex(u"#9aa7b6");
    t.accent = hex(u"#4fb3d1");
    t.accentSoft = hex(u"#1f4452");
    t.onAccent = hex(u"#08222b");
    t.canvas = hex(u"#161b22");
    t.grid = hex(u"#262e39");
    t.cluster = hex(u"#1d242d");
    t.clusterHead = hex(u"#27303b");
    t.link = hex(u"#9db0c4");
    t.good = hex(u"#5cc98b");
    t.warn = hex(u"#e2b04a");
    t.bad = hex(u"#f08276");
    t.info = hex(u"#7fb0ee");
    t.goodSoft = hex(u"#1c3a2a");
    t.warnSoft = hex(u"#3f3216");
    t.badSoft = hex(u"#45221f");
    t.infoSoft = hex(u"#1e3048");
    t.shadow = QColor(0, 0, 0, 90);
    return t;
}

Theme contrastTheme() {
    Theme t = darkTheme();
    t.kind = ThemeKind::Contrast;
    t.window = t.panel = t.raised = t.canvas = t.cluster = t.clusterHead = hex(u"#000000");
    t.hover = hex(u"#1f1f1f");
    t.border = t.borderStrong = t.text = t.muted = t.link = hex(u"#ffffff");
    t.grid = hex(u"#2a2a2a");
    t.accent = hex(u"#ffd500");
    t.accentSoft = hex(u"#4d4000");
    t.onAccent = hex(u"#000000");
    t.good = hex(u"#5bff9a");
    t.warn = hex(u"#ffb000");
    t.bad = hex(u"#ff8a80");
    t.info = hex(u"#80c8ff");
    t.goodSoft = t.warnSoft = t.badSoft = t.infoSoft = hex(u"#141414");
    t.shadow = Qt::transparent;
    return t;
}

/// The parts of the style sheet; %name% is replaced by a colour of the theme.
const QString kSheet =
    u"* { outline: 0; }"
    "QMainWindow, QDialog { background: %window%; }"
    "QMainWindow::separator { background: %window%; width: 5px; height: 5px; }"
    "QMainWindow::separator:hover { background: %accent%; }"
    "QToolTip { background: %raised%; color: %text%; border: 1px solid %borderStrong%; padding: 5px 7px; }"
    "QMenuBar { background: %window%; color: %text%; padding: 2px 6px; }"
    "QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }"
    "QMenuBar::item:selected { background: %hover%; }"
    "QMenu { background: %raised%; color: %text%; border: 1px solid %border%; padding: 5px; }"
    "QMenu::item { padding: 5px 26px 5px 12px; border-radius: 4px; }"
    "QMenu::item:selected { background: %accentSoft%; color: %text%; }"
    "QMenu::item:disabled { color: %muted%; }"
    "QMenu::icon { padding-left: 8px; }"
    "QMenu::separator { height: 1px; background: %border%; margin: 5px 6px; }"
    "QToolBar { background: %window%; border: 0; border-bottom: 1px solid %border%; padding: 4px 8px; spacing: 3px; }"
    "QToolBar::separator { background: %border%; width: 1px; margin: 5px 6px; }"
    "QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px 6px; color: %text%; }"
    "QToolButton:hover { background: %hover%; }"
    "QToolButton:pressed, QToolButton:checked { background: %accentSoft%; border-color: %accent%; }"
    "QToolButton#primaryTool { background: %accent%; color: %onAccent%; font-weight: 600; padding: 5px 11px; }"
    "QToolButton#primaryTool:disabled { background: %hover%; color: %muted%; }"
    "QToolButton:disabled { color: %borderStrong%; }"
    "QToolButton:focus { border-color: %accent%; }"
    "QToolButton::menu-indicator { image: none; }"
    "QStatusBar { background: %window%; color: %muted%; border-top: 1px solid %border%; }"
    "QStatusBar::item { border: 0; }"
    "QDockWidget { color: %muted%; font-weight: 600; }"
    "QDockWidget > QWidget#dockTitle { background: %window%; }"
    "QTabBar { background: %window%; qproperty-drawBase: 0; }"
    "QTabBar::tab { background: transparent; color: %muted%; padding: 6px 13px; border: 0;"
    " border-bottom: 2px solid transparent; }"
    "QTabBar::tab:selected { color: %text%; border-bottom-color: %accent%; }"
    "QTabBar::tab:hover { color: %text%; }"
    "QTabBar::tab:focus { background: %hover%; }"
    "QTabWidget::pane { border: 0; }"
    ""_s;
const QString kSheetWidgets =
    u"QTreeView, QListView, QTableView, QPlainTextEdit, QTextEdit, QTextBrowser { background: %panel%; color: %text%;"
    " border: 0; selection-background-color: %accentSoft%; selection-color: %text%; }"
    "QTreeView::item, QListView::item { padding: 3px 2px; border: 0; }"
    "QTreeView::item:hover, QListView::item:hover { background: %hover%; }"
    "QTreeView::item:selected, QListView::item:selected { background: %accentSoft%; color: %text%; }"
    "QTreeView:focus, QListView:focus, QTableView:focus { border: 1px solid %accent%; }"
    "QHeaderView { background: %panel%; }"
    "QHeaderView::section { background: %panel%; color: %muted%; border: 0; border-bottom: 1px solid %border%;"
    " padding: 5px 6px; }"
    "QTableView { gridline-color: %border%; }"
    "QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox { background: %raised%; color: %text%; border: 1px solid %border%;"
    " border-radius: 5px; padding: 4px 7px; selection-background-color: %accent%; selection-color: %onAccent%; }"
    "QLineEdit:hover, QComboBox:hover, QSpinBox:hover { border-color: %borderStrong%; }"
    "QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { border-color: %accent%; }"
    "QLineEdit[invalid=\"true\"] { border-color: %bad%; background: %badSoft%; }"
    "QLineEdit:disabled, QComboBox:disabled { color: %muted%; background: %panel%; }"
    "QComboBox::drop-down { border: 0; width: 20px; }"
    "QComboBox::down-arrow { image: url(%down%); width: 14px; height: 14px; margin-right: 6px; }"
    "QSpinBox, QDoubleSpinBox { padding-right: 18px; }"
    "QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; border: 0; width: 18px; }"
    "QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; border: 0; width: 18px; }"
    "QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(%up%); width: 11px; height: 11px; }"
    "QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url(%down%); width: 11px; height: 11px; }"
    "QComboBox QAbstractItemView { background: %raised%; border: 1px solid %border%; padding: 3px; }"
    "QPushButton { background: %raised%; color: %text%; border: 1px solid %borderStrong%; border-radius: 5px;"
    " padding: 5px 13px; }"
    "QPushButton:hover { background: %hover%; }"
    "QPushButton:pressed { background: %accentSoft%; }"
    "QPushButton:focus { border-color: %accent%; }"
    "QPushButton:disabled { color: %muted%; border-color: %border%; background: %panel%; }"
    "QPushButton[primary=\"true\"] { background: %accent%; border-color: %accent%; color: %onAccent%; font-weight: "
    "600; }"
    "QPushButton[primary=\"true\"]:disabled { background: %hover%; border-color: %border%; color: %muted%; }"
    "QPushButton[flat=\"true\"] { background: transparent; border-color: transparent; color: %accent%; padding: 4px "
    "8px; }"
    "QPushButton[flat=\"true\"]:hover { background: %hover%; }"
    "QPushButton[flat=\"true\"]:disabled { color: %borderStrong%; background: transparent; }"
    "QCheckBox { color: %text%; spacing: 7px; }"
    "QCheckBox:focus { color: %accent%; }"
    "QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid %borderStrong%; border-radius: 4px;"
    " background: %raised%; }"
    "QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: %accent%; }"
    "QCheckBox::indicator:checked { background: %accent%; border-color: %accent%; image: url(%check%); }"
    "QCheckBox::indicator:disabled { background: %panel%; border-color: %border%; }"
    "QGroupBox { border: 0; border-top: 1px solid %border%; margin-top: 14px; padding-top: 8px; font-weight: 600; }"
    "QGroupBox::title { subcontrol-origin: margin; left: 0; color: %muted%; }"
    "QScrollArea { background: %panel%; border: 0; }"
    "QWidget#problemsPanel, QWidget#outlinePanel, QWidget#palettePanel, QWidget#livePanel { background: %panel%; }"
    "QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }"
    "QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }"
    "QScrollBar::handle { background: %borderStrong%; border-radius: 3px; margin: 2px 3px; }"
    "QScrollBar::handle:vertical { min-height: 28px; margin: 2px 3px; }"
    "QScrollBar::handle:horizontal { min-width: 28px; margin: 3px 2px; }"
    "QScrollBar::handle:hover { background: %muted%; }"
    "QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page"
    " { background: transparent; border: 0; width: 0; height: 0; }"
    "QProgressBar { background: %border%; border: 0; border-radius: 3px; height: 6px; text-align: center; }"
    "QProgressBar::chunk { background: %accent%; border-radius: 3px; }"
    "QSplitter::handle { background: %border%; }"
    "QLabel[muted=\"true\"] { color: %muted%; }"
    "QLabel[heading=\"true\"] { font-size: 15px; font-weight: 600; }"
    "QLabel[bad=\"true\"] { color: %bad%; }"_s;

}  // namespace

Theme makeTheme(ThemeKind kind) {
    switch (kind) {
        case ThemeKind::Light: return lightTheme();
        case ThemeKind::Dark: return darkTheme();
        case ThemeKind::Contrast: return contrastTheme();
    }
    return lightTheme();
}

QPalette paletteOf(const Theme& t) {
    QPalette p;
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.panel);
    p.setColor(QPalette::AlternateBase, t.hover);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::PlaceholderText, t.muted);
    p.setColor(QPalette::Button, t.raised);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::Highlight, t.accentSoft);
    p.setColor(QPalette::HighlightedText, t.text);
    p.setColor(QPalette::ToolTipBase, t.raised);
    p.setColor(QPalette::ToolTipText, t.text);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::Mid, t.border);
    p.setColor(QPalette::Midlight, t.hover);
    p.setColor(QPalette::Dark, t.borderStrong);
    p.setColor(QPalette::Light, t.raised);
    p.setColor(QPalette::Shadow, t.borderStrong);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
        p.setColor(QPalette::Disabled, role, t.muted);
    }
    return p;
}

QString styleSheetOf(const Theme& t) {
    QString sheet = kSheet + kSheetWidgets;
    const std::pair<QString, QColor> names[] = {{u"%window%"_s, t.window},     {u"%panel%"_s, t.panel},
                                                {u"%raised%"_s, t.raised},     {u"%hover%"_s, t.hover},
                                                {u"%border%"_s, t.border},     {u"%borderStrong%"_s, t.borderStrong},
                                                {u"%text%"_s, t.text},         {u"%muted%"_s, t.muted},
                                                {u"%accent%"_s, t.accent},     {u"%accentSoft%"_s, t.accentSoft},
                                                {u"%onAccent%"_s, t.onAccent}, {u"%bad%"_s, t.bad},
                                                {u"%badSoft%"_s, t.badSoft}};
    // Panels of one black need lines between them.
    if (t.kind == ThemeKind::Contrast) {
        sheet += u"QMainWindow::separator { background: %border%; width: 2px; height: 2px; }"_s;
    }
    const QString shade = t.isDark() ? u"-dark.svg"_s : u"-light.svg"_s;
    for (const QString& picture : {u"check"_s, u"down"_s, u"up"_s}) {
        sheet.replace(u'%' + picture + u'%', u":/style/"_s + picture + shade);
    }
    for (const auto& [name, colour] : names) sheet.replace(name, colour.name());
    return sheet;
}

ThemeHolder::ThemeHolder(ThemeKind kind, QObject* parent) : QObject(parent), theme_(makeTheme(kind)) {}

void ThemeHolder::setKind(ThemeKind kind) {
    theme_ = makeTheme(kind);
    applyTheme(theme_);
    emit changed();
}

void applyTheme(const Theme& theme) {
    initStyleResources();
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    QApplication::setPalette(paletteOf(theme));
    // A clean face where the system has one; else the system's own.
    QFont font = QApplication::font();
    for (const QString& family : {u"Inter"_s, u"Noto Sans"_s, u"Cantarell"_s}) {
        if (!QFontDatabase::hasFamily(family)) continue;
        font.setFamily(family);
        break;
    }
    font.setPixelSize(13);
    font.setHintingPreference(QFont::PreferNoHinting);
    QApplication::setFont(font);
    qApp->setStyleSheet(styleSheetOf(theme));
}

ThemeKind systemTheme() {
    return QApplication::palette().color(QPalette::Window).lightness() < 128 ? ThemeKind::Dark : ThemeKind::Light;
}

}  // namespace tributary::desktop
