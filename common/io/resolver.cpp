#include "common/io/resolver.hpp"

#include <ares.h>
#include <netdb.h>
#include <sys/epoll.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>

namespace loadgen::io {
namespace {

Error ares_error(const std::string& host, int status) {
    const ErrorCode code =
        status == ARES_ENOTFOUND || status == ARES_ENODATA ? ErrorCode::kNotFound : ErrorCode::kIo;
    return {code, "looking up " + host + ": " + ares_strerror(status)};
}

/// "IP", "IP:port" or "[IP]:port": a port that is written is not above 65535.
bool has_possible_port(const std::string& server) {
    const auto colon = server.rfind(':');
    if (colon == std::string::npos || (server.find(':') != colon && server[colon - 1] != ']')) return true;
    std::uint16_t port = 0;
    const char* end = server.data() + server.size();
    const auto read = std::from_chars(server.data() + colon + 1, end, port);
    return read.ec == std::errc() && read.ptr == end;
}

/// c-ares initialises process-wide state; a static outlives every channel.
struct AresLibrary {
    AresLibrary() { ares_library_init(ARES_LIB_INIT_ALL); }
};

}  // namespace

struct Resolver::State final : TimerEvents {
    State(Loop& owner, const ResolverOptions& wanted) : loop(owner), options(wanted), timer(owner, *this) {
        static const AresLibrary library;
    }
    ~State() {
        shutting_down = true;
        if (channel != nullptr) ares_destroy(channel);
    }

    Result<void> open() {
        ares_options settings{};
        // The second try waits twice as long as the first: together they take the timeout.
        settings.timeout = std::max(1, static_cast<int>(options.timeout / Nanos(1'000'000) / 3));
        settings.tries = 2;
        settings.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
            static_cast<State*>(self)->watch(fd, readable != 0, writable != 0);
        };
        settings.sock_state_cb_data = this;
        const int flags = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
        int status = ares_init_options(&channel, &settings, flags);
        if (status != ARES_SUCCESS)
            return Error{ErrorCode::kIo, std::string("DNS: ") + ares_strerror(status)};
        return use_servers();
    }

    Result<void> use_servers() {
        if (options.servers.empty()) return {};
        std::string list;
        for (const std::string& server : options.servers) list += (list.empty() ? "" : ",") + server;
        const int status = ares_set_servers_ports_csv(channel, list.c_str());
        // c-ares 1.18 takes a port above 65535 for another one.
        const bool ports_exist =
            std::all_of(options.servers.begin(), options.servers.end(), has_possible_port);
        if (status == ARES_SUCCESS && ports_exist) return {};
        return Error{ErrorCode::kUsage,
                     "bad DNS server in \"" + list + "\": expected IP or IP:port, comma separated"};
    }

    // -- c-ares owns its sockets; the loop tells when they are ready.

    class Watch final : public Watched {
      public:
        Watch(State& state, ares_socket_t fd) : state_(&state), fd_(fd) {}
        ~Watch() override = default;
        void drop() { state_ = nullptr; }
        void on_ready(std::uint32_t events) override {
            if (state_ == nullptr) return;
            const bool read = (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
            const bool write = (events & EPOLLOUT) != 0;
            State& state = *state_;
            ares_process_fd(state.channel, read ? fd_ : ARES_SOCKET_BAD, write ? fd_ : ARES_SOCKET_BAD);
            state.set_timer();
        }

      private:
        State* state_;
        ares_socket_t fd_;
    };

    void watch(ares_socket_t fd, bool readable, bool writable) {
        const auto known = watches.find(fd);
        if (!readable && !writable) {
            if (known == watches.end()) return;
            known->second->drop();
            loop.unwatch(fd);
            loop.dispose(known->second);
            watches.erase(known);
            return;
        }
        const std::uint32_t events = (readable ? EPOLLIN : 0U) | (writable ? EPOLLOUT : 0U);
        if (known != watches.end()) {
            loop.change_watch(fd, *known->second, events);
            return;
        }
        auto* added = new Watch(*this, fd);  // the loop disposes of it
        watches.emplace(fd, added);
        loop.watch(fd, *added, events);
    }

    void set_timer() {
        timeval wait_time{};
        if (ares_timeout(channel, nullptr, &wait_time) == nullptr) return timer.cancel();
        timer.set(loop.refresh() + std::chrono::seconds(wait_time.tv_sec) +
                  std::chrono::microseconds(wait_time.tv_usec));
    }

    void on_timer() override {
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
        set_timer();
    }

    // -- Look-ups

    struct Query {
        State* state;
        std::string host;
    };

    struct Cached {
        std::vector<Address> addresses;
        std::optional<Instant> expires;
    };

    void resolve(const std::string& host, Callback callback) {
        if (const auto literal = Address::from_ip(host, 0)) {  // c-ares 1.18 asks its servers all the same
            const Result<std::vector<Address>> answer(std::vector{*literal});
            return callback(answer);
        }
        const auto hit = cache.find(host);
        if (hit != cache.end()) {
            if (!hit->second.expires || loop.now() < *hit->second.expires) {
                const Result<std::vector<Address>> answer(hit->second.addresses);
                return callback(answer);
            }
            cache.erase(hit);
        }
        auto& waiting = pending[host];
        waiting.push_back(std::move(callback));
        if (waiting.size() > 1) return;
        ares_addrinfo_hints hints{};
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        auto* query = new Query{this, host};
        ares_getaddrinfo(
            channel, host.c_str(), nullptr, &hints,
            [](void* argument, int status, int, ares_addrinfo* found) {
                const std::unique_ptr<Query> owned(static_cast<Query*>(argument));
                if (!owned->state->shutting_down) owned->state->answer(owned->host, status, found);
                if (found != nullptr) ares_freeaddrinfo(found);
            },
            query);
        set_timer();
    }

    void answer(const std::string& host, int status, const ares_addrinfo* found) {
        std::vector<Address> addresses;
        for (auto* node = found != nullptr ? found->nodes : nullptr; node != nullptr; node = node->ai_next) {
            addresses.push_back(
                Address::from_native(node->ai_addr, static_cast<socklen_t>(node->ai_addrlen)));
        }
        auto waiting = std::move(pending[host]);
        pending.erase(host);
        if (status == ARES_SUCCESS && addresses.empty()) status = ARES_ENODATA;
        if (status != ARES_SUCCESS) {
            const Result<std::vector<Address>> failure(ares_error(host, status));
            for (const Callback& callback : waiting) callback(failure);
            return;
        }
        if (options.cache_ttl >= Nanos(0)) {
            Cached entry{addresses, std::nullopt};
            if (options.cache_ttl > Nanos(0)) entry.expires = loop.now() + options.cache_ttl;
            cache[host] = std::move(entry);
        }
        const Result<std::vector<Address>> success(std::move(addresses));
        for (const Callback& callback : waiting) callback(success);
    }

    Loop& loop;
    ResolverOptions options;
    Timer timer;
    ares_channel channel = nullptr;
    bool shutting_down = false;
    std::map<ares_socket_t, Watch*> watches;
    std::unordered_map<std::string, Cached> cache;
    std::unordered_map<std::string, std::vector<Callback>> pending;
};

Resolver::Resolver(std::unique_ptr<State> state) : state_(std::move(state)) {}

Resolver::~Resolver() = default;

Result<std::unique_ptr<Resolver>> Resolver::create(Loop& loop, const ResolverOptions& options) {
    auto state = std::make_unique<State>(loop, options);
    if (auto opened = state->open(); !opened) return std::move(opened).error();
    return std::unique_ptr<Resolver>(new Resolver(std::move(state)));
}

void Resolver::resolve(const std::string& host, Callback callback) {
    state_->resolve(host, std::move(callback));
}

Result<std::vector<Address>> resolve_now(const std::string& host, const ResolverOptions& options) {
    Loop loop;
    if (!loop.usable()) return Error{ErrorCode::kIo, "looking up " + host + ": no file descriptors left"};
    auto resolver = Resolver::create(loop, options);
    if (!resolver) return std::move(resolver).error();
    std::optional<Result<std::vector<Address>>> answer;
    (*resolver)->resolve(host, [&](const Result<std::vector<Address>>& found) {
        answer = found;
        loop.stop();
    });
    if (!answer) loop.run();
    return *answer;
}

}  // namespace loadgen::io
