#include "loadgen/scenario/artillery/data.hpp"

#include <cmath>
#include <utility>

#include "common/text/csv.hpp"
#include "loadgen/scenario/artillery/config_templates.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

using Row = std::vector<text::Value>;

class PayloadCompiler {
  public:
    PayloadCompiler(Compilation& compilation, const Spot& spot) : compilation_(compilation), spot_(spot) {}

    void compile() {
        const Spot path = spot_.member("path");
        if (!path) return error(spot_, "a payload needs \"path\", which is missing; -p gives it too");
        set_.path = compilation_.resolve(read_text(path));
        read_order();
        const bool all = read_bool(spot_.member("loadAll"), false);
        if (!read_rows(path)) return;
        if (all) {
            define_all();
        } else {
            define_fields();
        }
        if (set_.rows.empty() && !all) error(path, "the file has no rows");
        compilation_.plan.data.push_back(std::move(set_));
    }

  private:
    Compilation& compilation_;
    Spot spot_;
    plan::DataSet set_;

    void error(const Spot& spot, const std::string& message) { compilation_.findings.error(spot, message); }

    void read_order() {
        const std::string order = read_text(spot_.member("order"), "random");
        if (order == "sequence") set_.order = plan::DataSet::Order::kSequence;
        if (order == "unique") set_.order = plan::DataSet::Order::kUnique;
        const Spot at_end = spot_.member("atEnd");
        const std::string end = read_text(at_end, "stop");
        if (end == "wrap") set_.at_end = plan::DataSet::AtEnd::kWrap;
        if (end == "fail") set_.at_end = plan::DataSet::AtEnd::kFail;
        if (at_end && set_.order != plan::DataSet::Order::kUnique)
            compilation_.findings.warning(at_end.key_place, at_end.path,
                                          "has no effect without order: unique");
    }

    text::CsvOptions csv_options() {
        text::CsvOptions options;
        const Spot own = spot_.member("delimiter");
        const Spot more = spot_.member("options");
        const Spot delimiter = own ? own : more.member("delimiter");
        const std::string text = read_text(delimiter, ",");
        if (text.size() == 1 || text == "\\t") {
            options.delimiter = text == "\\t" ? '\t' : text[0];
        } else {
            error(delimiter, "found " + shown(text) + ", expected one character");
        }
        for (std::size_t i = 0; more && i < more->members.size(); ++i) {
            const std::string& key = more->members[i].key;
            if (key == "delimiter" || key == "from_line" || key == "cast" || key == "skip_empty_lines")
                continue;
            const Spot option = more.member_at(i);
            compilation_.findings.warning(option.key_place, option.path,
                                          "is not supported and has no effect");
        }
        return options;
    }

    std::uint64_t first_line() const {
        const Spot from = spot_.member("options").member("from_line");
        if (from) return whole_of(*from).value_or(1);
        return read_bool(spot_.member("skipHeader"), false) ? 2 : 1;
    }

    bool read_rows(const Spot& path) {
        const Result<std::string> text = compilation_.read_file(set_.path, kMaxDataBytes);
        if (!text) {
            error(path, "the file cannot be read: " + text.error().message);
            return false;
        }
        std::string_view rest = *text;
        if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
        text::CsvReader reader(csv_options());
        const std::uint64_t first = first_line();
        const bool cast =
            read_bool(spot_.member("cast"), read_bool(spot_.member("options").member("cast"), true));
        std::size_t columns = 0;
        for (;;) {
            const auto step = reader.next(rest, true);
            if (!step) {
                error(path, set_.path + ": " + step.error().message);
                return false;
            }
            if (*step != text::CsvReader::Step::kRow) return true;
            rest.remove_prefix(reader.consumed());
            if (reader.line() < first) continue;
            if (columns == 0) columns = reader.fields().size();
            if (reader.fields().size() != columns) {
                error(path, set_.path + ": line " + std::to_string(reader.line()) + ": found " +
                                std::to_string(reader.fields().size()) + " columns, expected " +
                                std::to_string(columns) + " as in the first row");
                return false;
            }
            Row row;
            for (const std::string& field : reader.fields())
                row.push_back(cast ? cast_field(field) : text::Value(field));
            set_.rows.push_back(std::move(row));
        }
    }

    std::vector<Spot> field_spots() const {
        std::vector<Spot> spots;
        const Spot fields = spot_.member("fields");
        for (std::size_t i = 0; fields && fields->is_list() && i < fields->items.size(); ++i)
            if (fields->items[i].is_scalar()) spots.push_back(fields.item(i));
        return spots;
    }

    void define_fields() {
        const std::vector<Spot> fields = field_spots();
        if (fields.empty()) {
            compilation_.findings.warning(spot_.key_place, spot_.path,
                                          "has no fields, so its columns become no variables");
        }
        for (const Spot& field : fields) {
            const text::Slot slot = compilation_.plan.slots.slot_of(field->scalar);
            compilation_.variables.define(slot);
            set_.fields.push_back(slot);
        }
        if (!set_.rows.empty() && fields.size() > set_.rows[0].size())
            error(fields[set_.rows[0].size()], "there is no such column: the rows of " + set_.path +
                                                   " have " + std::to_string(set_.rows[0].size()));
    }

    void define_all() {
        const Spot name = spot_.member("name");
        if (!name) return error(spot_, "loadAll needs \"name\", the variable that takes the rows");
        const text::Slot slot = compilation_.plan.slots.slot_of(read_text(name));
        compilation_.variables.define(slot);
        set_.all = slot;
        const std::vector<Spot> fields = field_spots();
        text::Value::Array rows;
        for (Row& row : set_.rows) {
            if (fields.empty()) {
                rows.emplace_back(std::move(row));
                continue;
            }
            text::Value::Object members;
            for (std::size_t i = 0; i < fields.size(); ++i)
                members.emplace_back(fields[i]->scalar, i < row.size() ? row[i] : text::Value());
            rows.emplace_back(std::move(members));
        }
        set_.all_rows = text::Value(std::move(rows));
        set_.rows.clear();
    }
};

}  // namespace

text::Value cast_field(const std::string& field) {
    Node node;
    node.kind = Node::Kind::kScalar;
    node.scalar = field;
    const auto number = number_of(node);
    return number ? text::Value(*number) : text::Value(field);
}

void define_well_known(Compilation& compilation) {
    plan::ScenarioPlan& plan = compilation.plan;
    const auto define = [&](const std::string& name, text::Value value) {
        const text::Slot slot = plan.slots.slot_of(name);
        compilation.variables.define(slot);
        plan.initial.resize(plan.slots.size());
        plan.initial[slot] = std::move(value);
        return slot;
    };
    plan.known.uuid = define("$uuid", {});
    plan.known.loop_count = define("$loopCount", {});
    plan.known.loop_element = define("$loopElement", {});
    for (auto& [name, value] : well_known_values(compilation.options)) define(name, std::move(value));
    const std::string target = read_text(compilation.config().member("target"));
    define("target", target.empty() ? text::Value() : text::Value(target));
}

void compile_variables(Compilation& compilation) {
    const Spot variables = compilation.config().member("variables");
    for (std::size_t i = 0; variables && i < variables->members.size(); ++i) {
        const Spot spot = variables.member_at(i);
        plan::Variable variable;
        variable.slot = compilation.plan.slots.slot_of(variables->members[i].key);
        compilation.variables.define(variable.slot);
        if (spot->is_list()) {
            for (const Node& choice : spot->items) variable.choices.push_back(to_value(choice));
            if (spot->items.empty())
                compilation.findings.warning(spot.key_place, spot.path,
                                             "found an empty list, so the variable reads as undefined");
        } else {
            variable.choices.push_back(to_value(*spot));
        }
        compilation.plan.variables.push_back(std::move(variable));
    }
}

void compile_payloads(Compilation& compilation) {
    const Spot payload = compilation.config().member("payload");
    if (!payload) return;
    if (payload->is_map()) PayloadCompiler(compilation, payload).compile();
    for (std::size_t i = 0; i < payload->items.size(); ++i)
        if (payload->items[i].is_map()) PayloadCompiler(compilation, payload.item(i)).compile();
}

}  // namespace loadgen::scenario::artillery
