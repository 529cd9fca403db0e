#include "common/runlog/record_reader.hpp"

#include <algorithm>

#include "common/runlog/csv_codec.hpp"
#include "common/runlog/gob_reader.hpp"
#include "common/runlog/input_buffer.hpp"
#include "common/runlog/json_codec.hpp"

namespace loadgen::runlog {
namespace {

class StreamReader final : public RecordReader {
  public:
    StreamReader(std::string name, std::unique_ptr<InputBuffer> buffer,
                 std::unique_ptr<RecordDecoder> decoder)
        : name_(std::move(name)), buffer_(std::move(buffer)), decoder_(std::move(decoder)) {}

    Result<bool> next(Record& record) override {
        while (true) {
            const bool last = buffer_->ended();
            auto step = decoder_->next(buffer_->bytes(), last, record);
            if (!step) return located(std::move(step).error());
            if (*step == RecordDecoder::Step::kNeedMore && last) {
                cut_off_ = true;
                return located({ErrorCode::kSyntax, "the input ends inside a record"});
            }
            buffer_->consume(decoder_->consumed());
            if (*step == RecordDecoder::Step::kEnd) return false;
            if (*step == RecordDecoder::Step::kRecord) {
                ++records_;
                return true;
            }
            if (auto filled = buffer_->fill(); !filled) return located(filled.error());
        }
    }

    bool cut_off() const override { return cut_off_; }

  private:
    Error located(Error error) const {
        return with_context(name_ + ": record " + std::to_string(records_ + 1) + " at byte " +
                                std::to_string(buffer_->offset()) + ": ",
                            std::move(error));
    }

    std::string name_;
    std::unique_ptr<InputBuffer> buffer_;
    std::unique_ptr<RecordDecoder> decoder_;
    std::uint64_t records_ = 0;
    bool cut_off_ = false;
};

std::unique_ptr<RecordDecoder> sniff(std::string_view bytes, bool last) {
    if (GobReader::looks_like(bytes)) return std::make_unique<GobReader>();
    if (JsonRecordReader::looks_like(bytes)) return std::make_unique<JsonRecordReader>();
    if (CsvRecordReader::looks_like(bytes, last)) return std::make_unique<CsvRecordReader>();
    return nullptr;
}

/// The first bytes as a message can show them.
std::string excerpt(std::string_view bytes) {
    std::string text;
    for (const char c : bytes.substr(0, 24)) text += c >= 0x20 && c < 0x7F ? c : '.';
    return text;
}

class TimeMerger final : public RecordReader {
  public:
    explicit TimeMerger(std::vector<std::unique_ptr<RecordReader>> inputs) {
        for (auto& input : inputs) waiting_.push_back({std::move(input), {}});
    }

    Result<bool> next(Record& record) override {
        if (!started_) {
            started_ = true;
            for (std::size_t i = waiting_.size(); i-- > 0;) advance(i);
        }
        const auto earliest = std::min_element(
            waiting_.begin(), waiting_.end(),
            [](const Head& a, const Head& b) { return a.record.timestamp < b.record.timestamp; });
        if (failure_ && (!cut_off_ || earliest == waiting_.end())) return *failure_;
        if (earliest == waiting_.end()) return false;
        std::swap(record, earliest->record);
        advance(static_cast<std::size_t>(earliest - waiting_.begin()));
        return true;
    }

    bool cut_off() const override { return cut_off_; }

  private:
    struct Head {
        std::unique_ptr<RecordReader> input;
        Record record;
    };

    /// Reads the next record of an input; an input that ended or failed is taken out.
    void advance(std::size_t index) {
        Head& head = waiting_[index];
        const auto more = head.input->next(head.record);
        if (more && *more) return;
        const bool fatal = !more && !head.input->cut_off();
        // What breaks a file outweighs what shortens one.
        if (!more && (!failure_ || (fatal && cut_off_))) {
            failure_ = more.error();
            cut_off_ = !fatal;
        }
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
    }

    std::vector<Head> waiting_;
    bool started_ = false;
    bool cut_off_ = false;
    std::optional<Error> failure_;
};

}  // namespace

void clear_record(Record& record) {
    record.attack.clear();
    record.error.clear();
    record.body.clear();
    record.method.clear();
    record.url.clear();
    record.headers.clear();
    record.detail.reset();
    record.seq = record.bytes_out = record.bytes_in = 0;
    record.code = 0;
    record.timestamp = {};
    record.latency = Nanos(0);
    record.has_body = false;
}

Result<std::unique_ptr<RecordReader>> open_records(std::string name, std::unique_ptr<ByteInput> input,
                                                   std::size_t max_record_bytes) {
    auto buffer = std::make_unique<InputBuffer>(std::move(input), max_record_bytes);
    // One read may bring a single byte; a kilobyte is more than enough to tell the encodings apart.
    while (!buffer->ended() && buffer->bytes().size() < 1024) {
        if (auto filled = buffer->fill(); !filled) return with_context(name + ": ", filled.error());
        if (sniff(buffer->bytes(), false) != nullptr) break;
    }
    auto decoder = sniff(buffer->bytes(), buffer->ended());
    if (decoder != nullptr) {
        return std::unique_ptr<RecordReader>(
            std::make_unique<StreamReader>(std::move(name), std::move(buffer), std::move(decoder)));
    }
    if (buffer->bytes().empty()) {
        return Error{ErrorCode::kUsage, name + ": is empty, expected results in gob, JSON or CSV"};
    }
    return Error{ErrorCode::kUsage, name + ": starts with \"" + excerpt(buffer->bytes()) +
                                        "\", expected results in gob, JSON or CSV"};
}

std::unique_ptr<RecordReader> merge_by_time(std::vector<std::unique_ptr<RecordReader>> inputs) {
    if (inputs.size() == 1) return std::move(inputs.front());
    return std::make_unique<TimeMerger>(std::move(inputs));
}

struct SortingReader::Entry {
    Record record;
    std::uint64_t arrival = 0;

    /// Heap order: the earliest on top, and of equals the one that came first.
    static bool later(const std::unique_ptr<Entry>& a, const std::unique_ptr<Entry>& b) {
        const auto a_time = a->record.timestamp;
        const auto b_time = b->record.timestamp;
        return a_time != b_time ? a_time > b_time : a->arrival > b->arrival;
    }
};

SortingReader::SortingReader(std::unique_ptr<RecordReader> input, std::size_t window)
    : input_(std::move(input)), window_(window) {}
SortingReader::~SortingReader() = default;

void SortingReader::fill() {
    while (!input_ended_ && heap_.size() < window_) {
        if (spare_.empty()) spare_.push_back(std::make_unique<Entry>());
        const auto more = input_->next(spare_.back()->record);
        if (!more) failure_ = more.error();
        input_ended_ = !more || !*more;
        if (input_ended_) return;
        spare_.back()->arrival = arrived_++;
        heap_.push_back(std::move(spare_.back()));
        spare_.pop_back();
        std::push_heap(heap_.begin(), heap_.end(), Entry::later);
    }
}

Result<bool> SortingReader::next(Record& record) {
    fill();
    if (heap_.empty()) return failure_ ? Result<bool>(*failure_) : Result<bool>(false);
    std::pop_heap(heap_.begin(), heap_.end(), Entry::later);
    std::swap(record, heap_.back()->record);
    spare_.push_back(std::move(heap_.back()));
    heap_.pop_back();
    return true;
}

}  // namespace loadgen::runlog
