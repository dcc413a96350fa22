// What the words on the screen mean, and what this program is.
#pragma once

#include <QWidget>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

enum class HelpPage { Concepts, About };

/// Opens the page in a dialog over the window; it deletes itself when closed.
void showHelp(HelpPage page, const ThemeHolder& themes, QWidget& window);

}  // namespace tributary::desktop
