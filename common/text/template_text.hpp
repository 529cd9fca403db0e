// Artillery's templates, "/orders/{{ order.id }}", compiled once and rendered without look-ups by name.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"

namespace loadgen::text {

/// `{{ path }}` and `{{{ path }}}` put a variable in, `{{ $function(arguments) }}` what a function gives. A
/// path is a name followed by members and elements: `a.b[0].c`, `a["b c"]`; names may hold `-` and blanks.
/// Arguments are numbers, texts in quotes of either kind, true, false, null, paths, and calls. Braces around
/// anything else are text. Immutable; any thread may render. Where nothing but texts is put in, rendering
/// allocates only to make `out` longer.
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
    /// One template and nothing else: its value keeps its kind.
    bool is_whole() const;

    /// Appends the text with everything put in; a missing variable reads "undefined".
    void append(std::string& out, const Scope& scope) const;
    std::string render(const Scope& scope) const;
    /// A text that is one template and nothing else gives the variable itself, its kind kept, or what the
    /// function gives (as text for those with `gives_text`); others give their text.
    Value evaluate(const Scope& scope) const;

    /// The variables it reads, each once.
    const std::vector<Slot>& reads() const;
    /// The character (from 1) of the first third brace that closes a template opened by two, as in
    /// `{"id":{{ id }}}`. It belongs to the template as in Artillery, so it is missing from the text: hardly
    /// ever what was meant. 0 when there is none.
    std::size_t lost_brace() const;

  private:
    struct Program;
    std::shared_ptr<const Program> program_;  // null: the empty text
};

/// A tree as a JSON body holds it, with templates in its texts and in its keys. Of keys that come out the
/// same the last counts.
class ValueTemplate {
  public:
    using Member = std::pair<Template, ValueTemplate>;

    ValueTemplate() = default;  ///< null
    static ValueTemplate scalar(Value value);
    static ValueTemplate text(Template text);
    static ValueTemplate array(std::vector<ValueTemplate> elements);
    static ValueTemplate object(std::vector<Member> members);

    bool is_constant() const;
    /// Precondition: is_constant().
    Value constant() const;
    Value evaluate(const Scope& scope) const;
    /// Appends the JSON text of `evaluate` without building the value.
    void append_json(std::string& out, const Scope& scope) const;
    void add_reads(std::vector<Slot>& slots) const;

  private:
    struct Node;
    bool append_member(std::string& out, const Scope& scope) const;
    std::shared_ptr<const Node> node_;
};

}  // namespace loadgen::text
