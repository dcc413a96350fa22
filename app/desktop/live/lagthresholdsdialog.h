// The form in which the lag chart's limits are set.
#pragma once

#include <QDialog>

#include "app/desktop/live/lagthresholds.h"

class QSpinBox;

namespace tributary::desktop {

/// Open it with open(); thresholds() is what stands in it.
class LagThresholdsDialog final : public QDialog {
    Q_OBJECT
public:
    LagThresholdsDialog(const LagThresholds& present, QWidget* parent);
    [[nodiscard]] LagThresholds thresholds() const;

private:
    QSpinBox* field(int value, const QString& suffix, const QString& name);

    QSpinBox* warningS_;
    QSpinBox* criticalS_;
    QSpinBox* warningMb_;
    QSpinBox* criticalMb_;
    QSpinBox* warningOperations_;
    QSpinBox* criticalOperations_;
};

}  // namespace tributary::desktop
