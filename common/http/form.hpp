// What forms send: queries, urlencoded and multipart bodies, and the credentials of basic authentication.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/random.hpp"
#include "common/base/result.hpp"

namespace loadgen::http {

/// Writes application/x-www-form-urlencoded (WHATWG URL standard, section 5.2): a blank becomes '+', letters,
/// digits and "*-._" stay, every other byte of the UTF-8 text becomes %XX.
///
/// The client of Artillery sends the fields of `form` through the same rules, after it has made text of every
/// value as JavaScript does: null is "null", a list its members with commas, an object "[object Object]".
/// For `qs` it makes a text first, with querystring.stringify, where a list is one pair for each member and
/// null and objects are empty; got then parses that and writes it with these rules, so that the two agree in
/// the end. Neither nests names ("a[b]=1") as the `qs` package would.
class UrlEncodedWriter {
  public:
    /// Appends to `out`, which outlives the writer. A '&' goes before every pair but the first.
    explicit UrlEncodedWriter(std::string& out) : out_(out) {}
    void add(std::string_view name, std::string_view value);

  private:
    std::string& out_;
    bool first_ = true;
};

enum class QueryRule : std::uint8_t {
    kReplace,  ///< the query given is all of it; what the URL had is gone, as with Artillery
    kMerge,    ///< what the URL had stays as it is, except for names that the query gives anew
};
/// `path_and_query` ("/a?x=1") with `query` ("y=2&z", already encoded). An empty query leaves no '?'.
std::string with_query(std::string_view path_and_query, std::string_view query, QueryRule rule);

/// A boundary that no part holds by chance: 30 dashes and 128 random bits.
std::string random_boundary(Random& random);

/// Writes multipart/form-data (RFC 7578). In names and file names quotes, CR and LF become %22, %0D and %0A
/// as browsers write them (WHATWG HTML section 4.10.21.8); line ends in values stay as they are, where a
/// browser would write CR LF. Artillery's client escapes nothing.
class MultipartWriter {
  public:
    /// Appends to `out`, which outlives the writer.
    MultipartWriter(std::string& out, std::string boundary) : out_(out), boundary_(std::move(boundary)) {}

    /// The body's Content-Type.
    std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }

    /// A field. Without a content type (empty) the part has none, which means text.
    Result<void> add(std::string_view name, std::string_view value, std::string_view content_type = {});
    /// A file. An empty content type is found by the file's name.
    Result<void> add_file(std::string_view name, std::string_view file_name, std::string_view bytes,
                          std::string_view content_type = {});
    /// Ends the body. Call once, last.
    void finish();

  private:
    Result<void> begin(std::string_view name, const std::string_view* file_name,
                       std::string_view content_type);

    std::string& out_;
    std::string boundary_;
};

/// By the ending of a file's name; application/octet-stream when it says nothing.
std::string_view content_type_of_file(std::string_view file_name);

/// The value of Authorization (RFC 7617), for UTF-8 text. A ':' in `user` ends it for the server.
std::string basic_authorization(std::string_view user, std::string_view password);

}  // namespace loadgen::http
