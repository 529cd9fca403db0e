// Go's gob encoding (package encoding/gob), the part of it that one value needs: integers, strings, and the
// bootstrap of type descriptions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen::runlog::gob {

/// Types every gob reader knows without a description.
enum BuiltinType : std::int64_t {
    kBool = 1,
    kInt = 2,
    kUint = 3,
    kFloat = 4,
    kBytes = 5,
    kString = 6,
    kComplex = 7,
    kInterface = 8,
};

/// Unsigned: below 128 one byte; else the negated count of bytes, then the bytes, most significant first.
void append_uint(std::string& out, std::uint64_t number);
/// Signed: bit 0 says whether the rest is complemented.
void append_int(std::string& out, std::int64_t number);
/// Length and bytes.
void append_bytes(std::string& out, std::string_view bytes);

/// Reads forward; the first failure sticks, with a sentence and its place.
class Cursor {
  public:
    explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

    std::uint64_t take_uint();
    std::int64_t take_int();
    std::string_view take_bytes();

    void fail(std::string message);
    bool failed() const { return !failure_.empty(); }
    const std::string& failure() const { return failure_; }

    std::size_t at() const { return at_; }
    bool at_end() const { return at_ == bytes_.size(); }
    std::size_t left() const { return bytes_.size() - at_; }

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::string failure_;
};

/// What a stream said about one of its types.
struct TypeInfo {
    enum class Kind { kArray, kSlice, kStruct, kMap, kOpaque };
    struct Field {
        std::string name;
        std::int64_t type = 0;
    };
    Kind kind = Kind::kOpaque;  ///< kOpaque: bytes made by the type itself (GobEncoder and its like)
    std::string name;
    std::int64_t element = 0;
    std::int64_t key = 0;
    std::vector<Field> fields;
};

/// Reads a wireType value. Limits: 256 fields a struct, names of 256 bytes.
TypeInfo take_type_info(Cursor& cursor);

}  // namespace loadgen::runlog::gob
