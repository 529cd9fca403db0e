// Where the dynamic configuration comes from.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "services/ninja/shared/domain/configuration.hpp"

namespace loadgen::services::ninja {

/// The file `my_conf.json` of the data folder when there is one, else the built-in document. What was read is
/// good for five minutes; a document that cannot be used is looked at again each time. Thread-safe; one call
/// in five minutes reads a file of at most 64 KiB.
class ConfigurationSource {
  public:
    /// `clock` outlives it.
    ConfigurationSource(const std::string& folder, const Clock& clock);

    /// Errors name the file. Never null.
    Result<std::shared_ptr<const Configuration>> current();

  private:
    const std::string path_;
    const Clock& clock_;
    std::mutex mutex_;
    std::shared_ptr<const Configuration> known_;  // guarded by mutex_
    Instant known_until_;                         // guarded by mutex_
};

}  // namespace loadgen::services::ninja
