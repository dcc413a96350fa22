// Three pairs of numbers.
#include "app/desktop/live/lagthresholdsdialog.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr int kMost = 1'000'000'000;
constexpr std::int64_t kMsPerSecond = 1'000;
constexpr std::int64_t kBytesPerMb = 1'000'000;
}  // namespace

LagThresholdsDialog::LagThresholdsDialog(const LagThresholds& present, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Thresholds of the lag chart"));
    const auto whole = [](std::int64_t value, std::int64_t unit) { return static_cast<int>(value / unit); };
    warningS_ = field(whole(present.timeMs.warning, kMsPerSecond), tr(" s"), tr("Time behind: warning"));
    criticalS_ = field(whole(present.timeMs.critical, kMsPerSecond), tr(" s"), tr("Time behind: critical"));
    warningMb_ = field(whole(present.bytes.warning, kBytesPerMb), tr(" MB"), tr("Bytes waiting: warning"));
    criticalMb_ = field(whole(present.bytes.critical, kBytesPerMb), tr(" MB"), tr("Bytes waiting: critical"));
    warningOperations_ = field(whole(present.operations.warning, 1), {}, tr("Operations waiting: warning"));
    criticalOperations_ = field(whole(present.operations.critical, 1), {}, tr("Operations waiting: critical"));
    auto* grid = new QGridLayout;
    grid->addWidget(new QLabel(tr("Warning from"), this), 0, 1);
    grid->addWidget(new QLabel(tr("Critical from"), this), 0, 2);
    const auto row = [&](int at, const QString& title, QSpinBox* warning, QSpinBox* critical) {
        grid->addWidget(new QLabel(title, this), at, 0);
        grid->addWidget(warning, at, 1);
        grid->addWidget(critical, at, 2);
    };
    row(1, tr("Time behind"), warningS_, criticalS_);
    row(2, tr("Bytes waiting"), warningMb_, criticalMb_);
    row(3, tr("Operations waiting"), warningOperations_, criticalOperations_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(grid);
    layout->addWidget(buttons);
    layout->setSizeConstraint(QLayout::SetFixedSize);
}

QSpinBox* LagThresholdsDialog::field(int value, const QString& suffix, const QString& name) {
    auto* box = new QSpinBox(this);
    box->setRange(0, kMost);
    box->setSpecialValueText(tr("none"));
    box->setSuffix(suffix);
    box->setGroupSeparatorShown(true);
    box->setValue(value);
    box->setAccessibleName(name);
    return box;
}

LagThresholds LagThresholdsDialog::thresholds() const {
    return {{warningS_->value() * kMsPerSecond, criticalS_->value() * kMsPerSecond},
            {warningMb_->value() * kBytesPerMb, criticalMb_->value() * kBytesPerMb},
            {warningOperations_->value(), criticalOperations_->value()}};
}

}  // namespace tributary::desktop
