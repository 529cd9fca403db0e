// One import, in one transaction: the offers, the answer that is remembered, the event that tells of them.
#pragma once

#include "services/grocery/elastic/domain/import.hpp"
#include "services/runtime/transaction.hpp"

namespace loadgen::services::grocery::elastic {

/// The answer's JSON. A batch that was imported before changes and tells nothing and has the answer it had.
Result<std::string> import_batch(runtime::Transaction& transaction, const Batch& batch);

}  // namespace loadgen::services::grocery::elastic
