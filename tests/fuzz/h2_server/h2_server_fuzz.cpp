// Arbitrary bytes to the server side of a connection: no crash, no hang, bounded output. Byte 0: bit 0 puts
// the HTTP/2 preface and an empty SETTINGS frame in front, bit 1 answers late, bit 2 drains half-way; byte 1
// is the size of the pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/http/http2_preface.hpp"
#include "common/http/server_session.hpp"

namespace {

using namespace loadgen::http;

class Echo final : public RequestHandler {
  public:
    explicit Echo(bool late) : late_(late) {}
    void on_request(ServerSession& session, StreamId id, Request&& request) override {
        if (late_) {
            waiting.push_back(id);
        } else {
            session.respond(id, {200, request.headers, std::move(request.body)});
        }
    }
    std::vector<StreamId> waiting;

  private:
    bool late_;
};

void drain(ServerSession& session) {
    while (!session.output().empty()) session.consume_output(session.output().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    Echo echo((data[0] & 2) != 0);
    ServerOptions options;
    options.max_body_bytes = 4096;
    options.max_buffered_bytes = 8192;
    const auto session = make_server_session(echo, options);
    std::string bytes;
    if ((data[0] & 1) != 0) bytes.append(kHttp2Preface).append("\0\0\0\4\0\0\0\0\0", 9);
    bytes.append(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::size_t piece = data[1] + std::size_t{1};
    for (std::size_t at = 0; at < bytes.size() && session->wants_read(); at += piece) {
        session->feed(std::string_view(bytes).substr(at, piece));
        if ((data[0] & 4) != 0 && at > bytes.size() / 2) session->begin_drain();
        drain(*session);
        if (echo.waiting.size() > 2) {
            for (const StreamId id : echo.waiting) session->respond(id, {404, {}, "late"});
            echo.waiting.clear();
        }
    }
    session->peer_closed();
    drain(*session);
    session->connection_lost();
    if (session->in_flight() != 0 || !session->wants_close()) std::abort();
    return 0;
}
