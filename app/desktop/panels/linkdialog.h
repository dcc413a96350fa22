// Drawing a link without a pointer: every target with its verdict, and which records to draw.
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

#include "app/desktop/document/drawingeditor.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class LinkDialog final : public QDialog {
    Q_OBJECT
public:
    LinkDialog(const DesktopDocument& document, const ThemeHolder& themes, std::string from, QWidget* parent = nullptr);

signals:
    void chosen(const std::string& from, const std::string& to, tributary::desktop::LinkHalves halves);

private:
    void filter(const QString& text);
    void judgeCurrent();
    void choose();
    [[nodiscard]] LinkHalves halves() const;

    const DesktopDocument& document_;
    const ThemeHolder& themes_;
    std::string from_;
    QLineEdit* filter_;
    QListWidget* targets_;
    QComboBox* halves_;
    QLabel* verdict_;
    QPushButton* ok_;
};

}  // namespace tributary::desktop
