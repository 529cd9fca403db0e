#include "tests/support/http2_client.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

namespace loadgen::test {

struct Http2Client::State {
    nghttp2_session* session = nullptr;
    std::map<std::int32_t, Answer> answers;
    struct Upload {
        std::string body;
        std::size_t sent = 0;
        bool end = true;
    };
    std::map<std::int32_t, std::unique_ptr<Upload>> uploads;
    std::vector<Goaway> goaways;
    std::map<std::int32_t, std::size_t> held;
    bool hold_credit = false;
    bool failed = false;

    void on_header(const nghttp2_frame& frame, std::string name, std::string value) {
        Answer& answer = answers[frame.hd.stream_id];
        if (name == ":status") {
            const int status = std::stoi(value);
            if (status < 200) answer.interim.push_back(status);
            answer.status = status;
        } else {
            answer.headers.push_back({std::move(name), std::move(value)});
        }
    }

    void on_frame(const nghttp2_frame& frame) {
        if (frame.hd.type == NGHTTP2_GOAWAY)
            goaways.push_back({frame.goaway.last_stream_id, frame.goaway.error_code});
        const bool part = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
        if (part && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
            answers[frame.hd.stream_id].complete = true;
    }
};

namespace {

std::uint8_t* bytes_of(const std::string& text) {
    // nghttp2_nv lacks const; the library copies.
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

std::string text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

Http2Client::Http2Client(bool hold_credit) : state_(std::make_unique<State>()) {
    state_->hold_credit = hold_credit;
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
           const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
            static_cast<State*>(user)->on_header(*frame, text_of(name, name_size),
                                                 text_of(value, value_size));
            return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
            static_cast<State*>(user)->on_frame(*frame);
            return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks, [](nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                      std::size_t size, void* user) {
            auto& state = *static_cast<State*>(user);
            state.answers[id].body.append(text_of(bytes, size));
            if (state.hold_credit) {
                state.held[id] += size;
            } else {
                nghttp2_session_consume(session, id, size);
            }
            return 0;
        });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t error_code, void* user) {
            Answer& answer = static_cast<State*>(user)->answers[id];
            answer.closed = true;
            answer.error_code = error_code;
            return 0;
        });
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session_client_new2(&state_->session, callbacks, state_.get(), option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(state_->session, NGHTTP2_FLAG_NONE, nullptr, 0);
}

Http2Client::~Http2Client() {
    nghttp2_session_del(state_->session);
}

std::int32_t Http2Client::request(std::string method, std::string path, http::Headers headers,
                                  std::string body, bool end) {
    headers.insert(headers.begin(), {{":method", std::move(method)},
                                     {":scheme", "http"},
                                     {":authority", "example.test"},
                                     {":path", std::move(path)}});
    std::vector<nghttp2_nv> fields;
    for (const http::Header& header : headers) {
        fields.push_back({bytes_of(header.name), bytes_of(header.value), header.name.size(),
                          header.value.size(), NGHTTP2_NV_FLAG_NONE});
    }
    auto upload = std::make_unique<State::Upload>();
    upload->body = std::move(body);
    upload->end = end;
    nghttp2_data_provider provider{};
    provider.source.ptr = upload.get();
    provider.read_callback = [](nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size,
                                std::uint32_t* flags, nghttp2_data_source* source, void*) -> ssize_t {
        auto& from = *static_cast<State::Upload*>(source->ptr);
        const std::size_t taken = std::min(size, from.body.size() - from.sent);
        if (taken == 0 && !from.end) return NGHTTP2_ERR_DEFERRED;
        std::memcpy(buffer, from.body.data() + from.sent, taken);
        from.sent += taken;
        if (from.end && from.sent == from.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(taken);
    };
    const bool has_body = !upload->body.empty() || !end;
    const std::int32_t id = nghttp2_submit_request(state_->session, nullptr, fields.data(), fields.size(),
                                                   has_body ? &provider : nullptr, nullptr);
    state_->uploads[id] = std::move(upload);
    return id;
}

void Http2Client::reset(std::int32_t id, std::uint32_t error_code) {
    nghttp2_submit_rst_stream(state_->session, NGHTTP2_FLAG_NONE, id, error_code);
}

void Http2Client::ping() {
    nghttp2_submit_ping(state_->session, NGHTTP2_FLAG_NONE, nullptr);
}

void Http2Client::release_credit() {
    state_->hold_credit = false;
    for (const auto& [id, size] : state_->held) nghttp2_session_consume(state_->session, id, size);
    state_->held.clear();
}

std::string Http2Client::take_output() {
    std::string out;
    for (;;) {
        const std::uint8_t* data = nullptr;
        const ssize_t size = nghttp2_session_mem_send(state_->session, &data);
        if (size <= 0) return out;
        out.append(text_of(data, static_cast<std::size_t>(size)));
    }
}

void Http2Client::feed(std::string_view bytes) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (nghttp2_session_mem_recv(state_->session, data, bytes.size()) < 0) state_->failed = true;
}

Http2Client::Answer& Http2Client::answer(std::int32_t id) {
    return state_->answers[id];
}
const std::vector<Http2Client::Goaway>& Http2Client::goaways() const {
    return state_->goaways;
}
bool Http2Client::failed() const {
    return state_->failed;
}

void exchange(Http2Client& client, http::ServerSession& server, std::size_t piece) {
    for (bool moved = true; moved;) {
        moved = false;
        const std::string up = client.take_output();
        for (std::size_t at = 0; at < up.size() && server.wants_read(); at += piece) {
            server.feed(std::string_view(up).substr(at, piece));
            moved = true;
        }
        while (!server.output().empty()) {
            const std::string down(server.output().substr(0, piece));
            server.consume_output(down.size());
            client.feed(down);
            moved = true;
        }
    }
}

}  // namespace loadgen::test
