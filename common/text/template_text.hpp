// Artillery's templates, "/orders/{{ order.id }}", compiled once and rendered without look-ups by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"

namespace loadgen::text {

/// `{{ path }}` and `{{{ path }}}` put a variable in, `{{ $function(arguments) }}` what a function gives. A
/// path is a name followed by members and elements: `a.b[0].c`, `a["b c"]`. Arguments are numbers, quoted
/// texts and paths. Immutable; any thread may render.
class Template {
  public:
    Template() = default;  ///< the empty text

    /// The error says at which character of `text` (from 1) what was found and what is allowed.
    static Result<Template> compile(std::string_view text, SlotTable& slots, const FunctionTable& functions);
    /// A text in which nothing is looked for.
    static Template literal(std::string text);

    bool is_constant() const;
    /// The text of a constant one. Precondition: is_constant().
    const std::string& constant() const;

    /// Appends the text with everything put in; a missing variable reads "undefined".
    void append(std::string& out, const Scope& scope) const;
    std::string render(const Scope& scope) const;
    /// A text that is one template and nothing else gives the variable itself, its kind kept; others give
    /// their text.
    Value evaluate(const Scope& scope) const;

    /// The variables it reads, each once.
    const std::vector<Slot>& reads() const { return reads_; }

  private:
    struct Segment;
    std::vector<std::shared_ptr<const Segment>> segments_;
    std::vector<Slot> reads_;
};

/// A tree as a JSON body holds it, with templates in its texts and in its keys.
class ValueTemplate {
  public:
    using Member = std::pair<Template, ValueTemplate>;

    ValueTemplate() = default;  ///< null
    static ValueTemplate scalar(Value value);
    static ValueTemplate text(Template text);
    static ValueTemplate array(std::vector<ValueTemplate> elements);
    static ValueTemplate object(std::vector<Member> members);

    bool is_constant() const;
    Value evaluate(const Scope& scope) const;
    /// Appends the JSON text of `evaluate` without building the value.
    void append_json(std::string& out, const Scope& scope) const;
    void add_reads(std::vector<Slot>& slots) const;

  private:
    struct Node;
    std::shared_ptr<const Node> node_;
};

}  // namespace loadgen::text
