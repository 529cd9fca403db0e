// Compares our HTTP/1.1 parser with llhttp 8 in strict mode on one stream.
//
// What must hold: where both accept, they see the same messages; where one refuses, it saw the same events up
// to there, and the refusal is one of the differences meant, below. A difference about *where a message ends*
// is never meant.
//
// We refuse, llhttp does not (its choices are older than today's advice on smuggling):
//   - start lines with stray blanks, line feeds and controls, statuses below 100, targets with bytes above
//   127
//   - major versions other than 1
//   - empty header names, and a lone LF for the empty line of a request
//   - obsolete folding
//   - a transfer coding other than "chunked" alone, and chunks in a 1.0 request
//   - a connection that ends between an interim and the final response
// llhttp refuses, we do not:
//   - methods it doesn't know, and targets in forms that only our session refuses
//   - minor versions other than 0 and 1
//   - the same Content-Length twice, and blanks behind its value
//   - obs-text and quoted strings in chunk extensions; blanks around a chunk size
//   - responses whose lines end with LF alone
//   - lines that have not ended: we judge a line when it ends
// Not compared: what follows an upgrade or a CONNECT, which llhttp sees in more places; a tab behind
// "chunked", which it doesn't trim. Its keep-alive verdict on 1.0 messages is corrected by the RFC where they
// have chunks, or "close" beside "keep-alive".
#pragma once

#include <string>

#include "tests/support/http1_trace.hpp"

namespace loadgen::test {

/// Both parse without our limits, which llhttp doesn't have. Empty when the two agree or differ as meant;
/// otherwise both traces, for the test's message.
std::string http1_disagreement(Http1Stream stream);

}  // namespace loadgen::test
