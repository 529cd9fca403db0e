// XPath 1.0 over XML documents, compiled once. Backed by pugixml, which stays out of this header.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/markup_limits.hpp"
#include "common/text/value.hpp"

namespace loadgen::text {

/// Comments and processing instructions are not there. Names are compared as they are written: a prefix is
/// part of a name, and `local-name()` gives it without. Entities of a document type are not expanded, so that
/// no document refers to files or grows. Immutable; copies share what is compiled; any thread may select.
class XmlPath {
  public:
    XmlPath();  ///< selects nothing

    /// The error says at which character (from 1) the path does not parse.
    static Result<XmlPath> compile(std::string_view path);

    /// The texts of the nodes it selects, in order of the document: an element's is all text inside it, an
    /// attribute's its value. A path that computes (`count(//a)`, `//a = 'x'`) gives one number, text or
    /// boolean. The error says where the document is no XML, or which limit it exceeds.
    Result<std::vector<Value>> select(std::string_view xml, const MarkupLimits& limits = {}) const;

  private:
    struct Query;
    std::shared_ptr<const Query> query_;
};

}  // namespace loadgen::text
