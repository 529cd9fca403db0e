#include "services/runtime/host.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "common/base/uuid.hpp"
#include "common/fetch/http_client.hpp"
#include "common/telemetry/sdk.hpp"
#include "services/platform/auth/secret_file.hpp"
#include "services/runtime/http_peers.hpp"
#include "services/runtime/service_host.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr Nanos kFaultsInterval = std::chrono::milliseconds(200);
constexpr Nanos kDrainCheck = std::chrono::milliseconds(2);

}  // namespace

}  // namespace loadgen::services::runtime
