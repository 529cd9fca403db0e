#include "loadgen/engine/exchanges/exchange.hpp"

#include "loadgen/engine/exchanges/compiled_request.hpp"

namespace loadgen::engine {

void Exchange::reset() {
    Deadline::cancel();
    next = nullptr;
    connection = nullptr;
    strand = nullptr;
    journey = nullptr;
    step = kNoStep;
    request.reset();
    trace = {};
    dns = connect = tls = Nanos(0);
    cause = Cause::kOk;
    status = 0;
    bytes_in = bytes_out = 0;
    connection_id = 0;
    ordinal = 0;
    remote_address = nullptr;
    error.clear();
    code = {};
    stream_id = 0;
    kind = plan::ExchangeKind::kRequest;
    time_ends = over = false;
    timeout = Nanos(0);
    redirects = 0;
    as_wanted.reset();
    has_first_byte = retry_after = keep_headers = keep_body = false;
    follow_redirects = true;
    location.clear();
    drop_capture();
}

void Captured::clear() {
    writer_.restart();
    body.clear();
    if (body.capacity() > kReusedBody) body.shrink_to_fit();
    header_room = kHeaderRoom;
}

Captured& Exchange::capture() {
    if (!captured) captured = spare ? std::move(spare) : std::make_unique<Captured>();
    return *captured;
}

void Exchange::drop_capture() {
    if (!captured) return;
    captured->clear();
    spare = std::move(captured);
}

void ExchangeQueue::push(Exchange& exchange) {
    exchange.next = nullptr;
    (tail_ != nullptr ? tail_->next : head_) = &exchange;
    tail_ = &exchange;
    ++size_;
}

Exchange* ExchangeQueue::pop() {
    Exchange* first = head_;
    if (first == nullptr) return nullptr;
    head_ = first->next;
    if (head_ == nullptr) tail_ = nullptr;
    first->next = nullptr;
    --size_;
    return first;
}

void ExchangeQueue::push_front(Exchange& exchange) {
    exchange.next = head_;
    head_ = &exchange;
    if (tail_ == nullptr) tail_ = &exchange;
    ++size_;
}

bool ExchangeQueue::remove(Exchange& exchange) {
    Exchange* before = nullptr;
    for (Exchange* entry = head_; entry != nullptr; before = entry, entry = entry->next) {
        if (entry != &exchange) continue;
        (before != nullptr ? before->next : head_) = entry->next;
        if (tail_ == entry) tail_ = before;
        entry->next = nullptr;
        --size_;
        return true;
    }
    return false;
}

}  // namespace loadgen::engine
