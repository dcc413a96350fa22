// The cases of the designer's Speed list; each prints its figures.
#pragma once

#include <QString>

#include "app/desktop/shell/mainwindow.h"

namespace tributary::bench {

/// `folder` is empty; a large drawing is made and opened there.
void benchDrawing(desktop::MainWindow& window, const QString& folder);
/// 20 links of 100,000 samples each.
void benchLagChart();
/// The engine in this process replicates 1,000,000 rows while the window shows it.
void benchLoad(const QString& folder);
/// Starts the designer's own process.
void benchStart();

}  // namespace tributary::bench
