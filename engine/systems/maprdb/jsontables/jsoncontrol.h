// JSON tables at one node: who may write documents, and requests that read them.
#pragma once

#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/systems/maprdb/tables/tablereads.h"

namespace tributary::engine::maprdb {

/// A part of its node, which has tables, too; executor's thread only.
class JsonTableControl final : public ControlKind, public TableReads {
public:
    explicit JsonTableControl(Node& node) : node_(node) {}

    [[nodiscard]] const DatasetKind& kind() const override;
    void addRequests(ControlRequests& requests) override;
    [[nodiscard]] Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) override;
    [[nodiscard]] std::string alarmEntity(const std::string& path) const override;
    [[nodiscard]] bool knowsEntity(const std::string&) const override { return false; }  // tables know their volumes
    [[nodiscard]] std::string_view entityNouns() const override { return "JSON table"; }
    [[nodiscard]] Json linkJson(const ShownLink& link) const override;

    void get(const ControlCall& call) override;
    void scan(const ControlCall& call) override;
    void readRange(const ControlCall& call) override;
    void fingerprint(const ControlCall& call) override;

private:
    void write(const ControlCall& call);

    Node& node_;
};

// documentreads.cpp: what the requests above do.
void getDocument(const ControlCall& call);
void scanDocuments(const ControlCall& call);
void findDocuments(const ControlCall& call);
// documentranges.cpp
void readDocuments(const ControlCall& call);
void fingerprintDocuments(const ControlCall& call);

}  // namespace tributary::engine::maprdb
