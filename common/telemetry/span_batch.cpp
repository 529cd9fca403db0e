#include "common/telemetry/span_batch.hpp"

#include "common/telemetry/detail/protobuf_reader.hpp"
#include "common/telemetry/detail/protobuf_writer.hpp"
#include "common/telemetry/span_codec.hpp"

namespace loadgen::telemetry {
namespace {

constexpr std::uint32_t kSpans = 2;  // ScopeSpans: spans 2
constexpr std::size_t kKeptBytes = std::size_t{1} << 20;

}  // namespace

void SpanBatch::add(const EncodedSpan& span) {
    if (by_scope_.size() <= span.scope) by_scope_.resize(span.scope + 1);
    detail::ProtobufWriter(by_scope_[span.scope]).bytes_always(kSpans, span.message);
    ++size_;
}

void SpanBatch::clear() {
    for (std::string& spans : by_scope_) {
        spans.clear();
        if (spans.capacity() > kKeptBytes) spans.shrink_to_fit();
    }
    size_ = 0;
}

std::vector<SpanData> SpanBatch::decoded() const {
    std::vector<SpanData> spans;
    for (std::size_t scope = 0; scope < scopes(); ++scope) {
        std::string_view left = of_scope(scope);
        for (detail::ProtobufField field; !left.empty() && detail::read_field(left, field);)
            spans.push_back(decode_span(field.bytes, scope));
    }
    return spans;
}

}  // namespace loadgen::telemetry
