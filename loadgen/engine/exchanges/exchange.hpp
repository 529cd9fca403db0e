// One request and its response on their way through the engine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/cause.hpp"
#include "common/base/time.hpp"
#include "common/http/field_writer.hpp"
#include "common/http/header.hpp"
#include "common/io/timer_wheel.hpp"
#include "loadgen/engine/exchanges/trace_mint.hpp"
#include "loadgen/plan/exchange_kind.hpp"

namespace loadgen::plan {
struct Journey;
}
namespace loadgen::steps {
struct Strand;
}

namespace loadgen::engine {

class Connection;
class CompiledRequest;

/// What of a response was asked to be kept.
struct Captured {
    static constexpr std::size_t kHeaderRoom = 16 * 1024;
    static constexpr std::size_t kReusedBody = 16 * 1024;  ///< a longer one is freed

    Captured() = default;
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;

    void keep(http::HeaderView field) { writer_.add(field.name, field.value); }
    /// Those that were kept so far.
    http::Headers& headers() {
        writer_.finish();
        return headers_;
    }

    std::string body;
    std::size_t header_room = kHeaderRoom;  ///< bytes of further headers that are kept

    /// For another response, in the room of this one.
    void clear();

  private:
    http::Headers headers_;
    http::FieldWriter writer_{headers_};
};

/// Everything measured of one exchange. Pooled by its worker and reused: no allocation in the steady state.
///
/// due <= issued <= sent <= written <= first_byte <= done. `sent` is when work on the wire for this exchange
/// began: the start of its own connection when it opened one, else the instant its first byte was written.
struct Exchange : io::Deadline {
    static constexpr std::uint32_t kNoStep = UINT32_MAX;

    Exchange* next = nullptr;  ///< link in whichever queue holds it
    Connection* connection = nullptr;
    std::shared_ptr<const CompiledRequest> request;
    steps::Strand* strand = nullptr;         ///< whose request it is; null in an attack
    const plan::Journey* journey = nullptr;  ///< of its user; null in an attack
    std::uint64_t sequence = 0;
    std::uint32_t step = kNoStep;  ///< of the script, whose request this is
    plan::ExchangeKind kind = plan::ExchangeKind::kRequest;
    TraceIds trace;  ///< that it carries; not valid = none

    Instant due;
    Instant issued;  ///< when the worker took it up; issued - due is the timer lag
    Instant sent;
    Instant written;     ///< request completely handed to the socket
    Instant first_byte;  ///< of the final response

    Nanos dns{0};
    Nanos connect{0};
    Nanos tls{0};

    Cause cause = Cause::kOk;
    std::uint16_t status = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t connection_id = 0;
    std::uint32_t ordinal = 0;
    const std::string* remote_address = nullptr;  ///< interned for the process
    std::string error;                            ///< detail for the report; keeps its capacity when reused
    std::string_view code;  ///< what Node calls this end, where its cause says less; static storage

    std::int32_t stream_id = 0;  ///< HTTP/2
    std::uint32_t slot = 0;      ///< HTTP/2: position among the active streams of its session
    bool answered = false;       ///< HTTP/2: the response is complete
    int redirects = 0;
    bool has_first_byte = false;
    bool time_ends = false;  ///< of an event stream: its timeout is an end like any other
    bool over = false;       ///< it ends in the loop's next turn, as of `over_at`
    Instant over_at;
    Nanos timeout{0};  ///< of its own; 0 = that of the policy
    bool follow_redirects = true;
    bool keep_headers = false;  ///< of its response, for its user
    bool keep_body = false;
    bool retry_after = false;       ///< the response carried Retry-After
    std::optional<bool> as_wanted;  ///< it gave its user what the script wants of it; none in an attack
    std::string location;           ///< of a redirect; filled only when redirects are followed
    std::unique_ptr<Captured> captured;
    std::unique_ptr<Captured> spare;  ///< empty, to be used again

    /// As reports count it: by what the script says of the answer, in an attack by its status.
    bool succeeded() const { return as_wanted.value_or(cause == Cause::kOk); }
    /// What is captured of this response; made when there is nothing yet.
    Captured& capture();
    void drop_capture();

    /// Ready for reuse; buffers keep their capacity.
    void reset();
};

/// FIFO of exchanges, intrusive.
class ExchangeQueue {
  public:
    bool empty() const { return head_ == nullptr; }
    std::size_t size() const { return size_; }
    void push(Exchange& exchange);
    Exchange* pop();  ///< nullptr when empty
    void push_front(Exchange& exchange);
    /// Removes `exchange` if it is queued here. Looks from the front: those that wait longest are found
    /// first.
    bool remove(Exchange& exchange);

  private:
    Exchange* head_ = nullptr;
    Exchange* tail_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace loadgen::engine
