// Posts notifications to the endpoints that users registered.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "common/fetch/http_client.hpp"
#include "services/grocery/users/store/notifications.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::users {

/// Deliveries are rows, so a notification that was promised survives a kill; an endpoint may get one twice
/// and tells them apart by X-Notification-Id. Any 2xx is success. What fails is tried five times in all, then
/// dropped, logged and counted. `run` belongs to the background loop: everything that touches the store
/// starts there, because that loop ends before the store does and the client's thread does not.
class PushSender {
  public:
    /// `context` outlives it.
    explicit PushSender(runtime::ServiceContext& context);

    /// Writes down how the last deliveries ended and begins those that are due.
    void run();

  private:
    struct Attempt {
        Delivery delivery;
        std::string failure;  ///< empty: delivered
    };

    void settle();
    Result<void> settle_in(runtime::Transaction& transaction, const std::vector<Attempt>& attempts);
    void take_due();
    void post(const Delivery& delivery);
    void ended(const Delivery& delivery, telemetry::Span& span, const Result<fetch::FetchResponse>& answer);

    runtime::ServiceContext& context_;
    telemetry::Counter& sent_;
    telemetry::Counter& dropped_;
    std::unique_ptr<store::Statements> reader_;  // background loop
    std::mutex mutex_;
    std::vector<Attempt> attempts_;  // guarded by mutex_
    bool taking_ = false;            // guarded by mutex_
    fetch::HttpClient client_;       // last: its destructor still calls `ended`
};

}  // namespace loadgen::services::grocery::users
