#include "loadgen/cli/metrics/metrics_listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <thread>

#include "common/http/server_session.hpp"
#include "common/io/address.hpp"
#include "common/io/resolver.hpp"

namespace loadgen::cli {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorValue = boost::system::error_code;

constexpr std::size_t kMaxConnections = 32;
constexpr std::size_t kReadBufferBytes = 4 * 1024;
constexpr std::size_t kMaxBodyBytes = 4 * 1024;
// Longer than the usual intervals between scrapes, so that a scraper keeps its connection.
constexpr auto kIdleTimeout = std::chrono::seconds(150);
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
constexpr Nanos kLookUpTimeout{2'000'000'000};

Error bad_address(const std::string& text) {
    return {ErrorCode::kUsage, "found \"" + text + "\", expected HOST:PORT, such as 127.0.0.1:8880"};
}

Result<io::Address> parse_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return bad_address(text);
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return bad_address(text);
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string::npos) {
        return bad_address(text);
    }
    if (host.empty()) host = "127.0.0.1";  // nothing is offered to other machines unless they are named
    if (const auto address = io::Address::from_ip(host, port)) return *address;
    auto found = io::resolve_now(host, {.servers = {}, .cache_ttl = Nanos(0), .timeout = kLookUpTimeout});
    if (!found) return Error{ErrorCode::kUsage, std::move(found).error().message};
    return found->front().with_port(port);
}

/// What the connections of a listener share. Its thread only, but for the counts.
struct Shared {
    explicit Shared(MetricsListener::Render page) : render(std::move(page)) {}
    MetricsListener::Render render;
    std::size_t connections = 0;
    std::atomic<std::uint64_t> begun{0};
    std::atomic<std::uint64_t> last_answered{0};
};

/// Lives as long as an operation on its socket is pending.
class Connection final : public std::enable_shared_from_this<Connection>, private http::RequestHandler {
  public:
    Connection(tcp::socket socket, Shared& shared)
        : socket_(std::move(socket)),
          timer_(socket_.get_executor()),
          shared_(shared),
          session_(http::make_http1_session(*this, session_options())) {
        ++shared_.connections;
    }
    ~Connection() override { --shared_.connections; }

    void read() {
        timer_.expires_after(kIdleTimeout);
        timer_.async_wait([self = weak_from_this()](const ErrorValue& error) {
            const auto connection = self.lock();
            if (!error && connection) connection->close();
        });
        socket_.async_read_some(asio::buffer(buffer_),
                                [self = shared_from_this()](const ErrorValue& error, std::size_t bytes) {
                                    if (error) return self->close();
                                    self->session_->feed({self->buffer_.data(), bytes});
                                    self->write();
                                });
    }

  private:
    static http::ServerOptions session_options() {
        http::ServerOptions options;
        options.max_body_bytes = kMaxBodyBytes;
        return options;
    }

    void on_request(http::ServerSession& session, http::StreamId id, http::Request&& request) override {
        http::Response response;
        response.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
        const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
        if (path != "/metrics") {
            response.status = 404;
            response.body = "The metrics are at /metrics.\n";
        } else if (request.method != "GET" && request.method != "HEAD") {
            response.status = 405;
            response.headers.push_back({"Allow", "GET, HEAD"});
        } else {
            const http::Header* accept = http::find_header(request.headers, "Accept");
            MetricsPage page =
                shared_.render(accept != nullptr ? std::string_view(accept->value) : std::string_view());
            response.headers.front().value = std::move(page.content_type);
            response.headers.push_back({"Vary", "Accept"});
            response.body = std::move(page.body);
            if (request.method == "GET") answering_ = ++shared_.begun;
        }
        session.respond(id, std::move(response));
    }

    void write() {
        const std::string_view bytes = session_->output();
        if (bytes.empty()) {
            if (answering_ > shared_.last_answered) shared_.last_answered = answering_;
            if (!session_->wants_close()) return read();
            ErrorValue ignored;
            socket_.shutdown(tcp::socket::shutdown_send, ignored);
            return close();
        }
        asio::async_write(socket_, asio::buffer(bytes),
                          [self = shared_from_this()](const ErrorValue& error, std::size_t written) {
                              if (error) return self->close();
                              self->session_->consume_output(written);
                              self->write();
                          });
    }

    void close() {
        ErrorValue ignored;
        timer_.cancel();
        socket_.close(ignored);
    }

    tcp::socket socket_;
    asio::steady_timer timer_;
    Shared& shared_;
    std::unique_ptr<http::ServerSession> session_;
    std::uint64_t answering_ = 0;  // the number of the scrape being answered, or of the last
    std::array<char, kReadBufferBytes> buffer_{};
};

}  // namespace

struct MetricsListener::State {
    explicit State(Render render) : shared(std::move(render)), acceptor(context), pause(context) {}
    ~State() {
        context.stop();
        if (thread.joinable()) thread.join();
    }

    Result<void> listen(const io::Address& address) {
        const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket < 0) return errno_error("cannot make a socket", errno);
        const int on = 1;
        static_cast<void>(::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
        if (::bind(socket, address.data(), address.size()) != 0 || ::listen(socket, SOMAXCONN) != 0) {
            const int reason = errno;
            ::close(socket);
            return errno_error("cannot listen on " + address.text(), reason);
        }
        ErrorValue error;
        acceptor.assign(address.family() == AF_INET6 ? tcp::v6() : tcp::v4(), socket, error);
        sockaddr_storage native{};
        socklen_t size = sizeof native;
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&native),
                      &size);  // of a bound socket does not fail
        url = "http://" + io::Address::from_native(reinterpret_cast<sockaddr*>(&native), size).text() +
              "/metrics";
        return {};
    }

    void accept() {
        acceptor.async_accept([this](const ErrorValue& error, tcp::socket socket) {
            if (!error && shared.connections < kMaxConnections) {
                std::make_shared<Connection>(std::move(socket), shared)->read();
            }
            if (!error) return accept();
            // Without descriptors the next try comes later.
            pause.expires_after(kAcceptPause);
            pause.async_wait([this](const ErrorValue&) { accept(); });
        });
    }

    Shared shared;  // before the context, whose handlers own connections that refer to it
    asio::io_context context{1};
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    std::string url;
    std::thread thread;
};

MetricsListener::MetricsListener(std::unique_ptr<State> state) : state_(std::move(state)) {}

MetricsListener::~MetricsListener() = default;

Result<std::unique_ptr<MetricsListener>> MetricsListener::open(const std::string& address, Render render) {
    auto where = parse_address(address);
    if (!where) return std::move(where).error();
    auto state = std::make_unique<State>(std::move(render));
    if (auto ready = state->listen(*where); !ready) return std::move(ready).error();
    state->accept();
    state->thread = std::thread([context = &state->context] { context->run(); });
    return std::unique_ptr<MetricsListener>(new MetricsListener(std::move(state)));
}

std::string MetricsListener::url() const {
    return state_->url;
}

std::uint64_t MetricsListener::scrapes_begun() const {
    return state_->shared.begun;
}

std::uint64_t MetricsListener::last_answered() const {
    return state_->shared.last_answered;
}

}  // namespace loadgen::cli
