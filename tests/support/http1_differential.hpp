// Compares our HTTP/1.1 parser with llhttp 8 in strict mode on one stream.
//
// What must hold: where both accept, they see the same messages; where one refuses, it saw the same events up
// to there, and the refusal is one of the differences meant, below. A difference about *where a message ends*
// is never meant.
//
// We refuse, llhttp does not (its choices are older than the advice on smuggling):
//   - control characters it lets pass in targets and reasons, and bytes above 127 in targets
//   - a transfer coding other than "chunked" alone, and chunks in a 1.0 request
//   - statuses that are not three digits from 100 on
//   - our limits on heads, on the number of fields and on chunk lines
// llhttp refuses, we do not:
//   - methods it doesn't know, and methods paired with unexpected forms of the target
//   - minor versions other than 0 and 1
//   - the same Content-Length twice, and Content-Length in a message without a body
//   - obs-text and quoted strings in chunk extensions; blanks before or behind a chunk size
//   - responses whose lines end with LF alone
// Not compared: what follows an upgrade or a CONNECT, which llhttp sees in more places.
#pragma once

#include <string>

#include "tests/support/http1_trace.hpp"

namespace loadgen::test {

/// Empty when the two agree or differ as meant; otherwise both traces, for the test's message.
std::string http1_disagreement(const Http1Stream& stream);

}  // namespace loadgen::test
