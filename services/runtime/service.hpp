// What a service of the set is: a description in the table of services, and an object that adds its routes,
// consumers, workflows and jobs to a host.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "common/telemetry/logger.hpp"
#include "common/telemetry/metrics.hpp"
#include "common/telemetry/tracer.hpp"
#include "services/platform/answers.hpp"
#include "services/platform/auth/password_pool.hpp"
#include "services/platform/auth/tokens.hpp"
#include "services/platform/middleware.hpp"
#include "services/platform/router.hpp"
#include "services/runtime/consumers.hpp"
#include "services/runtime/settings.hpp"
#include "services/runtime/workflow.hpp"

namespace loadgen::services::runtime {

/// Names what a change or a look-up does, for its span: {"INSERT", "orders"}.
struct StoreOperation {
    std::string_view operation;
    std::string_view collection;
};

/// The answer to a call that is not granted, in the error shape of its service. Loop thread.
http::Response refused(platform::Call& call, const Refusal& refusal);
/// The answer when the store failed: 503 when it may be tried again, 500 otherwise; the error goes to the
/// log.
http::Response store_failure(platform::Call& call, const Error& error);

/// Asks other services of the set. Thread-safe.
class Peers {
  public:
    /// Status and body of an answer, or why there was none. On a thread of the client; must not wait.
    using Answered = std::function<void(Result<http::Response>)>;
    virtual ~Peers() = default;
    /// GET from a service of the set, wherever it listens now; a client span below `parent`. Tries up to four
    /// times on connection errors and 5xx, 200 ms times 2^n apart.
    virtual void get(std::string_view service, std::string_view path, const telemetry::SpanContext& parent,
                     Answered answered) = 0;
};

/// What a service may use while it runs. Outlives the service. Thread-safe unless noted.
class ServiceContext {
  public:
    virtual ~ServiceContext() = default;
    virtual const Settings& settings() const = 0;
    virtual const Clock& clock() const = 0;
    virtual const telemetry::Logger& logger() const = 0;
    virtual const telemetry::Tracer& tracer() const = 0;
    virtual telemetry::Meter& meter() const = 0;
    virtual store::Store& store() const = 0;
    virtual Peers& peers() const = 0;
    virtual const platform::auth::TokenKeys& tokens() const = 0;
    virtual platform::auth::PasswordPool& passwords() const = 0;
    /// The process takes leave: health says so, so that no new work is sent here.
    virtual bool draining() const = 0;

    using Work = std::function<Result<http::Response>(Transaction&)>;
    /// Runs `work` in a transaction of its own and answers `call` with what it returned, once that is on
    /// disk. An error leaves nothing behind and is answered in the service's error shape: 503 when it may be
    /// tried again (kLimit), 500 otherwise. Call from the call's loop; `work` runs on the store's writing
    /// thread.
    virtual void transact(const platform::CallPtr& call, StoreOperation operation, Work work) = 0;
    /// The same without a call: `done` is told on a thread of the store. `parent` may be invalid: a new
    /// trace.
    virtual void transact(std::string_view span_name, const telemetry::SpanContext& parent,
                          std::function<Result<void>(Transaction&)> work,
                          std::function<void(Result<void>)> done) = 0;
    /// Runs `task` on the process's background loop after `wait`. Dropped when the service stops.
    virtual void after(Nanos wait, std::function<void()> task) = 0;
};

/// What the routes of one worker thread own: a connection that reads. Belongs to that thread.
struct RouteTools {
    store::Statements& reader;
};

/// Regular work on the background loop. Must not wait.
class Jobs {
  public:
    virtual ~Jobs() = default;
    virtual void every(std::string_view name, Nanos interval, std::function<void()> run) = 0;
};

/// One service in one process.
class Service {
  public:
    virtual ~Service() = default;
    /// Once a worker thread, before its routes: what only this service has in its chain, behind
    /// Authentication.
    virtual void add_middlewares(platform::Middlewares& /*chain*/) {}
    /// Once a worker thread, before any traffic. `tools` outlives the routes. /health/live and /health/ready
    /// are there already, unless the service words them itself.
    virtual void add_routes(platform::Router& router, RouteTools& tools) = 0;
    virtual void add_consumers(Consumers& /*consumers*/) {}
    virtual void add_workflows(Workflows& /*workflows*/) {}
    virtual void add_jobs(Jobs& /*jobs*/) {}
    /// Puts demo data in, before any traffic, in one transaction. Runs at every start: adds only what is
    /// absent.
    virtual Result<void> seed(Transaction& /*transaction*/) { return {}; }
};

/// A row of the table of services.
struct ServiceType {
    std::string_view name;    ///< "orders": the command, the database file
    std::string_view title;   ///< service.name of its telemetry: "OrdersService"
    std::string_view domain;  ///< of its events: "orders"
    std::string_view summary;
    std::span<const std::string_view> migrations;
    platform::ErrorShape error_shape = nullptr;
    std::unique_ptr<Service> (*make)(ServiceContext& context) = nullptr;
    std::size_t max_body_bytes = 64 * 1024;
    std::string_view cors_methods = "GET,POST,PUT,DELETE,OPTIONS";
};

}  // namespace loadgen::services::runtime
