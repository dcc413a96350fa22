// The list of shortcuts.
#include "app/desktop/shell/shortcutsdialog.h"

#include <QHeaderView>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

ShortcutsDialog::ShortcutsDialog(ActionTable& actions, QWidget* parent)
    : QDialog(parent),
      actions_(actions),
      filter_(new QLineEdit(this)),
      list_(new QTreeWidget(this)),
      keys_(new QKeySequenceEdit(this)),
      message_(new QLabel(this)) {
    setObjectName(u"shortcuts"_s);
    setWindowTitle(tr("Shortcuts"));
    resize(620, 560);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 14);
    column->addWidget(filter_);
    column->addWidget(list_, 1);
    auto* row = new QHBoxLayout;
    auto* set = new QPushButton(tr("Set"), this);
    auto* remove = new QPushButton(tr("None"), this);
    auto* reset = new QPushButton(tr("Restore all"), this);
    row->addWidget(new QLabel(tr("Shortcut of the selected command:"), this));
    row->addWidget(keys_, 1);
    row->addWidget(set);
    row->addWidget(remove);
    row->addWidget(reset);
    column->addLayout(row);
    column->addWidget(message_);
    message_->setWordWrap(true);
    message_->setProperty("muted", true);
    filter_->setPlaceholderText(tr("Filter"));
    list_->setHeaderLabels({tr("Command"), tr("Shortcut"), tr("Id")});
    list_->setRootIsDecorated(false);
    list_->setAccessibleName(tr("Commands and shortcuts"));
    connect(filter_, &QLineEdit::textChanged, this, &ShortcutsDialog::fill);
    connect(set, &QPushButton::clicked, this, &ShortcutsDialog::take);
    connect(remove, &QPushButton::clicked, this, [this] {
        keys_->clear();
        take();
    });
    connect(reset, &QPushButton::clicked, this, [this] {
        actions_.resetShortcuts();
        fill();
    });
    connect(list_, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        const QAction* action = item == nullptr ? nullptr : actions_.find(item->text(2));
        if (action != nullptr) keys_->setKeySequence(action->shortcut());
    });
    fill();
}

void ShortcutsDialog::fill() {
    const QString current = list_->currentItem() == nullptr ? QString() : list_->currentItem()->text(2);
    list_->clear();
    for (const QAction* each : actions_.all()) {
        const QString text = each->text().remove(u'&');
        if (!text.contains(filter_->text(), Qt::CaseInsensitive)) continue;
        auto* row =
            new QTreeWidgetItem(list_, {text, each->shortcut().toString(QKeySequence::NativeText), each->objectName()});
        if (each->objectName() == current) list_->setCurrentItem(row);
    }
    list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
}

void ShortcutsDialog::take() {
    const QTreeWidgetItem* item = list_->currentItem();
    QAction* action = item == nullptr ? nullptr : actions_.find(item->text(2));
    if (action == nullptr) {
        message_->setText(tr("Select a command first."));
        return;
    }
    const QAction* holder = actions_.holderOf(keys_->keySequence(), action);
    if (holder != nullptr) {
        message_->setText(
            tr("%1 belongs to '%2'; take it away there first.")
                .arg(keys_->keySequence().toString(QKeySequence::NativeText), holder->text().remove(u'&')));
        return;
    }
    actions_.setShortcut(*action, keys_->keySequence());
    message_->setText(tr("Changed."));
    fill();
}

}  // namespace tributary::desktop
