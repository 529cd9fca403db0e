#include "services/platform/auth/password_pool.hpp"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "services/platform/auth/detail/phc.hpp"

namespace loadgen::services::platform::auth {
namespace {

constexpr std::size_t kSaltBytes = 16;  // RFC 9106 section 3.1
constexpr std::size_t kHashBytes = 32;
constexpr PasswordCost kLoadCost{.memory_kib = 1024, .passes = 1, .lanes = 1};

using Salt = std::array<unsigned char, kSaltBytes>;

/// A password that leaves no copy behind in freed memory.
class Secret {
  public:
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    Secret& operator=(Secret&&) = delete;
    ~Secret() { wipe(); }
    const std::string& text() const { return text_; }

  private:
    void wipe() {
        text_.resize(text_.capacity());
        OPENSSL_cleanse(text_.data(), text_.size());
        text_.clear();
    }
    std::string text_;
};

Error argon2_failure(int code) {
    return {ErrorCode::kInternal, std::string("Argon2: ") + argon2_error_message(code)};
}

/// The same work for nothing: the answer to a user that does not exist must not come sooner.
Result<bool> pretend(const PasswordCost& cost, const std::string& password) {
    const Salt salt{};
    std::array<unsigned char, kHashBytes> hash{};
    const int code = argon2id_hash_raw(cost.passes, cost.memory_kib, cost.lanes, password.data(),
                                       password.size(), salt.data(), salt.size(), hash.data(), hash.size());
    if (code != ARGON2_OK) return argon2_failure(code);
    return false;
}

Result<bool> check_phc(const std::string& phc, const std::string& password) {
    auto sane = detail::check_phc(phc);
    if (!sane) return std::move(sane).error();
    const int code = argon2id_verify(phc.c_str(), password.data(), password.size());
    if (code == ARGON2_OK) return true;
    if (code == ARGON2_VERIFY_MISMATCH) return false;
    return argon2_failure(code);
}

}  // namespace

Result<std::string> hash_password(const PasswordCost& cost, const std::string& password) {
    Salt salt{};
    if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) {
        return Error{ErrorCode::kInternal, "OpenSSL has no random bytes"};
    }
    std::string phc(
        argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
    const int code =
        argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(),
                              salt.data(), salt.size(), kHashBytes, phc.data(), phc.size());
    if (code != ARGON2_OK) return argon2_failure(code);
    phc.resize(phc.find('\0'));
    return phc;
}

std::optional<PasswordCost> password_cost(std::string_view profile) {
    if (profile == "default") return PasswordCost();
    if (profile == "load") return kLoadCost;
    return std::nullopt;
}

std::string describe(const PasswordCost& cost) {
    const PasswordCost least;
    const bool weak = cost.memory_kib < least.memory_kib || cost.passes < least.passes;
    return "Argon2id m=" + std::to_string(cost.memory_kib) + " KiB t=" + std::to_string(cost.passes) +
           " p=" + std::to_string(cost.lanes) + (weak ? ": WEAK, for load tests only" : "");
}

struct PasswordPool::State {
    /// `work` runs on a thread of the pool; null when the pool closes before its turn. Gives what the loop is
    /// to do.
    struct Task {
        Secret password;
        Loop* loop;
        std::function<std::function<void()>(const std::string* password)> work;
    };

    explicit State(const PasswordPoolOptions& wanted) : options(wanted) {}

    bool add(Task task) {
        const std::lock_guard lock(mutex);
        if (queue.size() >= options.max_queue + idle) return false;
        queue.push_back(std::move(task));
        wake.notify_one();
        return true;
    }

    void run() {
        std::unique_lock lock(mutex);
        for (;;) {
            ++idle;
            wake.wait(lock, [this] { return closing || !queue.empty(); });
            --idle;
            if (closing) return;
            const Task task = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            task.loop->post(task.work(&task.password.text()));
            lock.lock();
        }
    }

    const PasswordPoolOptions options;
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::deque<Task> queue;  // guarded by mutex
    std::size_t idle = 0;    // guarded by mutex: threads that wait for a task
    bool closing = false;    // guarded by mutex
    std::vector<std::thread> threads;
};

PasswordPool::PasswordPool(const PasswordPoolOptions& options) : state_(std::make_unique<State>(options)) {
    for (unsigned i = 0; i < options.threads; ++i) {
        state_->threads.emplace_back([state = state_.get()] { state->run(); });
    }
}

PasswordPool::~PasswordPool() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->closing = true;
    }
    state_->wake.notify_all();
    for (std::thread& thread : state_->threads) thread.join();
    for (const State::Task& task : state_->queue) task.loop->post(task.work(nullptr));
}

namespace {

/// Wraps what a task computes and what is told about it into the two steps of a task.
template <typename T, typename Compute>
std::function<std::function<void()>(const std::string*)> two_steps(Compute compute,
                                                                   std::function<void(Result<T>)> done) {
    return [compute = std::move(compute), done = std::move(done)](const std::string* password) {
        Result<T> result = password != nullptr
                               ? compute(*password)
                               : Result<T>(Error{ErrorCode::kLimit, "the password pool is closing"});
        return std::function<void()>([done, result = std::move(result)] { done(result); });
    };
}

}  // namespace

bool PasswordPool::hash(std::string password, Loop& loop, HashDone done) {
    const auto compute = [cost = state_->options.cost](const std::string& text) {
        return hash_password(cost, text);
    };
    return state_->add(
        {Secret(std::move(password)), &loop, two_steps<std::string>(compute, std::move(done))});
}

bool PasswordPool::verify(std::string password, std::optional<std::string> phc, Loop& loop, VerifyDone done) {
    const auto compute = [cost = state_->options.cost, phc = std::move(phc)](const std::string& text) {
        return phc ? check_phc(*phc, text) : pretend(cost, text);
    };
    return state_->add({Secret(std::move(password)), &loop, two_steps<bool>(compute, std::move(done))});
}

std::size_t PasswordPool::waiting() const {
    const std::lock_guard lock(state_->mutex);
    return state_->queue.size();
}

}  // namespace loadgen::services::platform::auth
