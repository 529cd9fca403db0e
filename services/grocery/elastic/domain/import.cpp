#include "services/grocery/elastic/domain/import.hpp"

#include "common/text/json_writer.hpp"

namespace loadgen::services::grocery::elastic {

std::string outcome_json(const Batch& batch, const ImportOutcome& outcome) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("batchId").string(batch.batch_id);
    out.key("accepted").integer(outcome.accepted).key("updated").integer(outcome.updated);
    out.key("rejected").begin_array();
    for (const Rejection& rejection : outcome.rejected) {
        out.begin_object().key("index").unsigned_integer(rejection.index);
        out.key("message").string(rejection.message).end_object();
    }
    out.end_array().end_object();
    return json;
}

}  // namespace loadgen::services::grocery::elastic
