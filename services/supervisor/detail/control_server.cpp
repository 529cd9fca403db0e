#include "services/supervisor/detail/control_server.hpp"

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "common/text/json_writer.hpp"

namespace loadgen::services::supervisor::detail {
namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;

constexpr std::size_t kMaxSessions = 16;
constexpr auto kPatience = std::chrono::seconds(10);
constexpr std::size_t kMaxUnsent = 1 << 20;  // of a client that does not read

}  // namespace

class ControlServer::Session final : public Reply, public std::enable_shared_from_this<Session> {
  public:
    Session(Protocol::socket socket, std::shared_ptr<std::size_t> sessions)
        : socket_(std::move(socket)), timer_(socket_.get_executor()), sessions_(std::move(sessions)) {
        ++*sessions_;
    }
    ~Session() override { --*sessions_; }

    void read_request(std::function<void(Result<Request>)> use) {
        timer_.expires_after(kPatience);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) self->close();
        });
        read_more(std::move(use));
    }
    void close() {
        boost::system::error_code ignored;
        timer_.cancel();
        socket_.close(ignored);
    }

    void send(const std::string& line) override {
        if (ended_ || !socket_.is_open()) return;
        if (unsent_.size() + line.size() > kMaxUnsent) return close();
        unsent_ += line;
        flush();
    }
    void refuse(const std::string& why) override {
        std::string line;
        text::JsonWriter(line).begin_object().key("error").string(why).end_object().new_line();
        send(line);
        end();
    }
    void end() override {
        ended_ = true;
        flush();
    }

  private:
    void read_more(std::function<void(Result<Request>)> use) {
        socket_.async_read_some(
            asio::buffer(buffer_), [self = shared_from_this(), use = std::move(use)](
                                       const boost::system::error_code& error, std::size_t size) mutable {
                if (error) return self->close();
                self->line_.append(self->buffer_.data(), size);
                const auto end = self->line_.find('\n');
                if (end == std::string::npos && self->line_.size() <= kMaxRequestBytes) {
                    return self->read_more(std::move(use));
                }
                self->timer_.cancel();
                if (end > kMaxRequestBytes) {
                    use(Error{ErrorCode::kLimit, "a request is one line of at most " +
                                                     std::to_string(kMaxRequestBytes) + " bytes"});
                } else {
                    use(parse_request(std::string_view(self->line_).substr(0, end)));
                }
            });
    }

    void flush() {
        if (sending_ || !socket_.is_open()) return;
        if (unsent_.empty()) {
            if (ended_) close();
            return;
        }
        sending_ = true;
        being_sent_ = std::exchange(unsent_, {});
        asio::async_write(socket_, asio::buffer(being_sent_),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                              self->sending_ = false;
                              if (error) return self->close();
                              self->flush();
                          });
    }

    Protocol::socket socket_;
    asio::steady_timer timer_;
    std::shared_ptr<std::size_t> sessions_;
    std::array<char, kMaxRequestBytes> buffer_{};
    std::string line_;
    std::string unsent_;
    std::string being_sent_;
    bool sending_ = false;
    bool ended_ = false;
};

ControlServer::ControlServer(asio::io_context& loop, int socket, Handler handler)
    : loop_(loop), acceptor_(loop, Protocol(), socket), handler_(std::move(handler)) {
    accept();
}

ControlServer::~ControlServer() = default;

void ControlServer::close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& session : std::exchange(asking_, {})) session->close();
}

void ControlServer::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, Protocol::socket socket) {
        if (error) return;
        auto session = std::make_shared<Session>(std::move(socket), sessions_);
        if (*sessions_ > kMaxSessions) {
            session->refuse("too many clients at once; try again");
        } else {
            asking_.insert(session);
            session->read_request([this, session](Result<Request> request) {
                asking_.erase(session);
                if (!request) return session->refuse(request.error().message);
                handler_(*request, session);
            });
        }
        accept();
    });
}

}  // namespace loadgen::services::supervisor::detail
