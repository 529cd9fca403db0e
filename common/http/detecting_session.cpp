#include <string>
#include <utility>

#include "common/http/http2_preface.hpp"
#include "common/http/server_session.hpp"

namespace loadgen::http {
namespace {

/// Holds back the first bytes until they tell the version, then is that version's session.
class DetectingServerSession final : public ServerSession {
  public:
    DetectingServerSession(RequestHandler& handler, ServerOptions options)
        : handler_(handler), options_(std::move(options)) {}

    void feed(std::string_view bytes) override {
        if (session_) return session_->feed(bytes);
        held_.append(bytes);
        const PrefaceMatch match = looks_like_http2_preface(held_);
        if (match != PrefaceMatch::kPartial) decide(match);
    }
    void peer_closed() override {
        if (!session_) decide(PrefaceMatch::kNo);
        session_->peer_closed();
    }
    void connection_lost() override {
        lost_ = true;
        if (session_) session_->connection_lost();
    }
    bool wants_read() const override { return session_ ? session_->wants_read() : !lost_; }
    std::string_view output() override { return session_ ? session_->output() : std::string_view{}; }
    void consume_output(std::size_t bytes) override {
        if (session_) session_->consume_output(bytes);
    }
    void respond(StreamId id, Response response) override {
        if (session_) session_->respond(id, std::move(response));
    }
    bool respond_streaming(StreamId id, Response head) override {
        return session_ && session_->respond_streaming(id, std::move(head));
    }
    Written write(StreamId id, std::string_view bytes) override {
        return session_ ? session_->write(id, bytes) : Written::kGone;
    }
    void finish(StreamId id) override {
        if (session_) session_->finish(id);
    }
    void abort(StreamId id) override {
        if (session_) session_->abort(id);
    }
    std::size_t pending_bytes(StreamId id) const override {
        return session_ ? session_->pending_bytes(id) : 0;
    }
    void begin_drain() override {
        draining_ = true;
        if (session_) session_->begin_drain();
    }
    bool wants_close() const override { return session_ ? session_->wants_close() : lost_; }
    bool idle() const override { return session_ ? session_->idle() : held_.empty(); }
    std::size_t in_flight() const override { return session_ ? session_->in_flight() : 0; }
    std::string_view error() const override { return session_ ? session_->error() : std::string_view{}; }

  private:
    void decide(PrefaceMatch match) {
        session_ = match == PrefaceMatch::kFull ? make_http2_session(handler_, std::move(options_))
                                                : make_http1_session(handler_, std::move(options_));
        if (draining_) session_->begin_drain();
        const std::string held = std::exchange(held_, {});
        session_->feed(held);
    }

    RequestHandler& handler_;
    ServerOptions options_;
    std::unique_ptr<ServerSession> session_;
    std::string held_;
    bool draining_ = false;
    bool lost_ = false;
};

}  // namespace

std::unique_ptr<ServerSession> make_server_session(RequestHandler& handler, ServerOptions options) {
    return std::make_unique<DetectingServerSession>(handler, std::move(options));
}

}  // namespace loadgen::http
