// Records and files that several tests use.
#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "common/runlog/record_reader.hpp"
#include "common/runlog/record_writer.hpp"

namespace loadgen::runlog {

inline std::string golden(const std::string& name) {
    std::ifstream file(LOADGEN_SOURCE_DIR "/tests/data/vegeta/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct ReadBack {
    std::vector<Record> records;
    std::string error;
    bool cut_off = false;
};

/// Everything that can be read from `bytes`, arriving in pieces of `chunk`.
inline ReadBack read_back(std::string_view bytes, std::size_t chunk = 1U << 16U) {
    ReadBack result;
    auto reader = open_records("input", std::make_unique<MemoryInput>(bytes, chunk));
    if (!reader) {
        result.error = reader.error().message;
        return result;
    }
    Record record;
    while (true) {
        const auto more = (*reader)->next(record);
        if (!more) result.error = more.error().message;
        result.cut_off = (*reader)->cut_off();
        if (!more || !*more) return result;
        result.records.push_back(record);
    }
}

inline std::string write_all(Format format, const std::vector<Record>& records, Detail detail) {
    std::string out;
    StringSink sink(out);
    const auto writer = make_record_writer(format, sink, detail);
    for (const Record& record : records) (void)writer->write(record).has_value();
    (void)writer->flush().has_value();
    return out;
}

/// Every field of a record as text, so that a difference reads well.
inline std::string describe(const Record& record, bool with_detail = true) {
    return write_all(Format::kJson, {record}, with_detail ? Detail::kInclude : Detail::kOmit);
}

inline Record full_record() {
    Record record;
    record.attack = "name";
    record.seq = 7;
    record.code = 200;
    record.timestamp = {1'700'000'000'123'456'789};
    record.latency = Nanos(1'500'000);
    record.bytes_out = 300;
    record.bytes_in = 70'000;
    record.error = "none, really";
    record.body = std::string("\0\xff", 2);
    record.has_body = true;
    record.method = "PUT";
    record.url = "http://127.0.0.1:1/?a=b";
    record.headers = {{"A", {"1", "2"}}, {"B", {""}}};
    record.detail.emplace();
    record.detail->send_delay = Nanos(11);
    record.detail->dns = Nanos(12);
    record.detail->connect = Nanos(13);
    record.detail->tls = Nanos(14);
    record.detail->wait = Nanos(15);
    record.detail->body = Nanos(16);
    record.detail->cause = Cause::kTruncated;
    record.detail->connection = 1ULL << 40U;
    record.detail->ordinal = 3;
    record.detail->warm_up = true;
    record.detail->remote_address = "[::1]:80";
    record.detail->endpoint = "PUT /";
    record.detail->scenario = "buy";
    record.detail->trace_id = "0af7651916cd43dd8448eb211c80319c";
    record.detail->span_id = "b7ad6b7169203331";
    return record;
}

}  // namespace loadgen::runlog
