// Editors by parameter type.
#include "app/desktop/live/runparameterform.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <set>

#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

using runbooks::ParameterType;

QString labelOf(const runbooks::Parameter& parameter) {
    return toQt(parameter.title.empty() ? parameter.name : parameter.title);
}

}  // namespace

RunParameterForm::RunParameterForm(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    form_ = new QFormLayout;
    form_->setContentsMargins(0, 0, 0, 0);
    form_->setVerticalSpacing(3);
    form_->setRowWrapPolicy(QFormLayout::WrapAllRows);
    form_->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    layout->addLayout(form_);
    RunControl& run = live_.run();
    connect(&run, &RunControl::runbookChanged, this, &RunParameterForm::rebuild);
    connect(&run, &RunControl::parametersChanged, this, &RunParameterForm::refresh);
    connect(&live_, &LiveWorkspace::drawingChanged, this, &RunParameterForm::refresh);
    rebuild();
}

QStringList RunParameterForm::candidatesFor(const runbooks::Parameter& parameter) const {
    const Topology& drawing = live_.drawing();
    QStringList out;
    switch (parameter.type) {
        case ParameterType::Dataset:
        case ParameterType::Path:
            for (const Dataset& dataset : drawing.datasets) out << toQt(dataset.path);
            break;
        case ParameterType::Cluster:
            for (const Cluster& cluster : drawing.clusters) out << toQt(cluster.name);
            break;
        case ParameterType::Family: {
            std::set<std::string> names;
            for (const Dataset& dataset : drawing.datasets) {
                for (const Family& family : dataset.families) names.insert(family.name);
            }
            for (const std::string& name : names) out << toQt(name);
            break;
        }
        case ParameterType::Enum:
            for (const std::string& value : parameter.allowedValues) out << toQt(value);
            break;
        default: break;
    }
    return out;
}

QWidget* RunParameterForm::editorFor(const runbooks::Parameter& parameter, Field& field) {
    RunControl& run = live_.run();
    const std::string name = parameter.name;
    const auto give = [this, name](const QString& text) { live_.run().setParameter(name, toStd(text.trimmed())); };
    const auto known = run.parameters().find(name);
    const QString present = known == run.parameters().end() ? QString() : toQt(known->second);
    if (parameter.type == ParameterType::Bool) {
        auto* box = new QCheckBox(this);
        box->setChecked((present.isEmpty() ? run.defaultOf(name) : present) == u"true");
        connect(box, &QCheckBox::toggled, this, [give](bool on) { give(on ? u"true"_s : u"false"_s); });
        field.set = [box](const QString& text) { box->setChecked(text == u"true"); };
        return box;
    }
    QLineEdit* line = nullptr;
    QWidget* editor = nullptr;
    const QStringList candidates = candidatesFor(parameter);
    if (candidates.isEmpty()) {
        line = new QLineEdit(this);
        editor = line;
    } else {
        auto* combo = new QComboBox(this);
        combo->setEditable(true);
        combo->setInsertPolicy(QComboBox::NoInsert);
        combo->addItems(candidates);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(12);
        combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        combo->completer()->setCompletionMode(QCompleter::PopupCompletion);
        combo->completer()->setFilterMode(Qt::MatchContains);
        combo->setCurrentIndex(-1);
        line = combo->lineEdit();
        editor = combo;
    }
    line->setText(present);
    line->setPlaceholderText(parameter.example.empty() ? QString() : tr("e.g. %1").arg(toQt(parameter.example)));
    line->setClearButtonEnabled(true);
    connect(line, &QLineEdit::textChanged, this, give);
    field.set = [line](const QString& text) { line->setText(text); };
    field.setDefault = [line](const QString& text) {
        if (!text.isEmpty()) line->setPlaceholderText(text);
    };
    return editor;
}

/// A box with words that wrap, which QCheckBox cannot; a click on them is one on the box.
QWidget* RunParameterForm::besideWords(QWidget* box, const QString& words) {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(words, row);
    label->setWordWrap(true);
    label->setBuddy(box);
    label->installEventFilter(this);
    layout->addWidget(box, 0, Qt::AlignTop);
    layout->addWidget(label, 1);
    return row;
}

bool RunParameterForm::eventFilter(QObject* watched, QEvent* event) {
    const auto* label = qobject_cast<QLabel*>(watched);
    auto* box = label == nullptr ? nullptr : qobject_cast<QCheckBox*>(label->buddy());
    if (box != nullptr && event->type() == QEvent::MouseButtonRelease) box->click();
    return QWidget::eventFilter(watched, event);
}

void RunParameterForm::rebuild() {
    fields_.clear();
    while (form_->rowCount() > 0) form_->removeRow(0);
    const runbooks::Runbook* runbook = live_.run().runbook();
    if (runbook != nullptr) {
        for (const runbooks::Parameter& parameter : runbook->parameters) {
            Field field;
            field.name = parameter.name;
            field.editor = editorFor(parameter, field);
            field.editor->setObjectName(u"parameter-"_s + toQt(parameter.name));
            field.editor->setAccessibleName(labelOf(parameter));
            field.editor->setToolTip(
                tr("%1 (%2)").arg(toQt(parameter.name), toQt(runbooks::parameterTypeName(parameter.type))));
            field.problem = new QLabel(this);
            field.problem->setWordWrap(true);
            field.problem->setVisible(false);
            if (parameter.type == ParameterType::Bool) {
                form_->addRow(besideWords(field.editor, labelOf(parameter)));
            } else {
                form_->addRow(labelOf(parameter), field.editor);
            }
            form_->addRow(field.problem);
            fields_.push_back(std::move(field));
        }
    }
    refresh();
}

void RunParameterForm::refresh() {
    RunControl& run = live_.run();
    bool good = run.runbook() != nullptr && run.parametersComplete();
    for (Field& field : fields_) {
        const QString problem = run.parameterProblem(field.name, live_.drawing());
        const bool given = run.parameters().contains(field.name);
        good = good && problem.isEmpty();
        // A required field that nobody touched yet is not shouted at; Run stays closed and says why.
        field.problem->setVisible(!problem.isEmpty() && given);
        field.problem->setText(u"✗ "_s + problem);
        QPalette colours = palette();
        colours.setColor(QPalette::WindowText, alertColour(palette()));
        field.problem->setPalette(colours);
        field.editor->setAccessibleDescription(problem);
        if (field.setDefault) field.setDefault(run.defaultOf(field.name));
    }
    setEnabled(!run.isActive());
    if (good == good_) return;
    good_ = good;
    emit goodChanged();
}

}  // namespace tributary::desktop
