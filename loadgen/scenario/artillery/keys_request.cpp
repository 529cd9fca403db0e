// Rows of requests, messages and what responses are looked at for.
#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr KeyRow kCaptureKeys[] = {
    {.name = "as", .kinds = kText, .doc = "The variable that takes the value.", .required = true},
    {.name = "json", .kinds = kText, .doc = "A JSONPath (RFC 9535) into the body."},
    {.name = "regexp", .kinds = kText, .doc = "A regular expression over the body."},
    {.name = "header", .kinds = kText, .doc = "The name of a header field."},
    {.name = "xpath", .kinds = kText, .doc = "An XPath into an XML body."},
    {.name = "selector", .kinds = kText, .doc = "A CSS selector into an HTML body."},
    {.name = "strict", .kinds = kBool, .doc = "Whether finding nothing fails the user (default true)."},
    {.name = "multiple",
     .kinds = kBool,
     .doc = "With json: false takes all matches; otherwise one at random."},
    {.name = "group", .kinds = kText, .doc = "With regexp: number or name of the group."},
    {.name = "flags", .kinds = kText, .doc = "With regexp: flags as in JavaScript."},
    {.name = "attr", .kinds = kText, .doc = "With selector: the attribute; its text unless given."},
    {.name = "index", .kinds = kText, .doc = "With selector: a number, last or random (default 0)."},
};
constexpr ObjectKind kCapture{"capture", "a capture", "A value taken from the response.", kCaptureKeys};

constexpr KeyRow kMatchKeys[] = {
    {.name = "json", .kinds = kText, .doc = "A JSONPath into the body.", .required = true},
    {.name = "value", .kinds = kAny, .doc = "What must stand there.", .object = &kFree, .required = true},
    {.name = "strict", .kinds = kBool, .doc = "Whether a difference fails the user (default true)."},
};
constexpr ObjectKind kMatch{"match", "a match", "A value the response must have (deprecated: use expect).",
                            kMatchKeys};

constexpr KeyRow kExpectationKeys[] = {
    {.name = "statusCode", .kinds = kText | kList, .doc = "The status, or one of a list.", .items = kText},
    {.name = "notStatusCode",
     .kinds = kText | kList,
     .doc = "Any status but this, or those of a list.",
     .items = kText},
    {.name = "contentType", .kinds = kText, .doc = "json, or the whole content type."},
    {.name = "hasHeader", .kinds = kText, .doc = "A header field that must be there."},
    {.name = "headerEquals", .kinds = kList, .doc = "A header field and its value.", .items = kText},
    {.name = "hasProperty", .kinds = kText, .doc = "A path that the JSON body must have."},
    {.name = "notHasProperty", .kinds = kText, .doc = "A path that the JSON body must not have."},
    {.name = "equals", .kinds = kList, .doc = "Values that must be equal as texts."},
    {.name = "matchesRegexp", .kinds = kText, .doc = "A regular expression that the body must match."},
    {.name = "cdnHit", .kinds = kBool, .doc = "Whether a cache must have answered."},
    {.name = "checkJsonSchema",
     .kinds = kText | kMap,
     .doc = "A JSON Schema, or its file, that the body must fit.",
     .object = &kFree},
    {.name = "jmespath", .kinds = kAny, .doc = "Not supported: use hasProperty, or capture and assert."},
    {.name = "jpath", .kinds = kAny, .doc = "Not supported: use hasProperty, or capture and assert."},
    {.name = "description", .kinds = kText, .doc = "What an expectation is about."},
};

constexpr KeyRow kAuthKeys[] = {
    {.name = "user", .kinds = kText, .doc = "The user's name."},
    {.name = "pass", .kinds = kText, .doc = "The password."},
};
constexpr ObjectKind kAuth{"auth", "auth", "Basic authentication (RFC 7617).", kAuthKeys};

constexpr KeyRow kPartKeys[] = {
    {.name = "value", .kinds = kAny, .doc = "The part's content.", .object = &kFree},
    {.name = "fromFile", .kinds = kText, .doc = "A file to upload, relative to the script."},
    {.name = "contentType", .kinds = kText, .doc = "The part's content type."},
};
constexpr ObjectKind kPart{"formPart", "a part of formData", "One part of a multipart body.", kPartKeys};
constexpr ObjectKind kFormData{.id = "formData",
                               .name = "formData",
                               .doc = "A multipart body (RFC 7578).",
                               .keys = {},
                               .others = kText | kMap,
                               .others_object = &kPart};

constexpr KeyRow kRequestKeys[] = {
    {.name = "url", .kinds = kText, .doc = "A path below the target, or an absolute URL."},
    {.name = "uri", .kinds = kText, .doc = "Another name of url."},
    {.name = "name", .kinds = kText, .doc = "What reports call the request."},
    {.name = "headers", .kinds = kMap | kNull, .doc = "Header fields.", .object = &kHeaders},
    {.name = "cookie",
     .kinds = kMap | kNull,
     .doc = "Cookies put into the user's jar before.",
     .object = &kTexts},
    {.name = "qs", .kinds = kMap | kNull, .doc = "The query string.", .object = &kFree},
    {.name = "json", .kinds = kAny, .doc = "A JSON body; texts and keys may be templates.", .object = &kFree},
    {.name = "body", .kinds = kText, .doc = "A body as it is."},
    {.name = "form", .kinds = kMap, .doc = "A body of form fields, URL-encoded.", .object = &kFree},
    {.name = "formData", .kinds = kMap, .doc = "A multipart body, files included.", .object = &kFormData},
    {.name = "setContentLengthHeader", .kinds = kBool, .doc = "Accepted: the length is always sent."},
    {.name = "followRedirect", .kinds = kBool, .doc = "Whether redirects are followed (default true)."},
    {.name = "gzip",
     .kinds = kBool,
     .doc = "Whether compressed answers are asked for and unpacked (default true)."},
    {.name = "auth", .kinds = kMap, .doc = "Basic authentication.", .object = &kAuth},
    {.name = "capture",
     .kinds = kMap | kList,
     .doc = "Values taken from the response.",
     .object = &kCapture,
     .items = kMap},
    {.name = "match",
     .kinds = kMap | kList,
     .doc = "Deprecated: use expect.",
     .object = &kMatch,
     .items = kMap},
    {.name = "expect",
     .kinds = kMap | kList,
     .doc = "What the response must be like.",
     .object = &kExpectation,
     .items = kMap},
    {.name = "ifTrue",
     .kinds = kText,
     .doc = "The step runs only when this expression, or function, says so."},
    {.name = "probability", .kinds = kNumber, .doc = "The step runs in so many of 100 cases."},
    {.name = "beforeRequest",
     .kinds = (kText | kList),
     .doc = "Functions that may change the request.",
     .items = kText},
    {.name = "afterResponse",
     .kinds = (kText | kList),
     .doc = "Functions that see the response.",
     .items = kText},
    {.name = "tags", .kinds = kMap, .doc = "Tags of its metrics.", .object = &kTexts},
    {.name = "traces", .kinds = kAny, .doc = "Reserved for trace contracts.", .object = &kFree},
};

constexpr KeyRow kEventKeys[] = {
    {.name = "url", .kinds = kText, .doc = "A path below the target, or an absolute URL.", .required = true},
    {.name = "name", .kinds = kText, .doc = "What reports call the stream."},
    {.name = "headers", .kinds = kMap | kNull, .doc = "Header fields.", .object = &kHeaders},
    {.name = "qs", .kinds = kMap | kNull, .doc = "The query string.", .object = &kFree},
    {.name = "auth", .kinds = kMap, .doc = "Basic authentication.", .object = &kAuth},
    {.name = "events",
     .kinds = kWhole,
     .doc = "So many events end the step (default 1; 0: only the time does)."},
    {.name = "timeout",
     .kinds = kDuration,
     .doc = "The step ends after this time at the latest (default 30 seconds)."},
    {.name = "capture",
     .kinds = kMap | kList,
     .doc = "Values taken from each event that counts; the last stay.",
     .object = &kCapture,
     .items = kMap},
    {.name = "match",
     .kinds = kMap | kList,
     .doc = "What an event must hold to count.",
     .object = &kMatch,
     .items = kMap},
    {.name = "tags", .kinds = kMap, .doc = "Tags of its metrics.", .object = &kTexts},
};

constexpr KeyRow kAnsweredKeys[] = {
    {.name = "payload", .kinds = kAny, .doc = "The message to send.", .object = &kFree},
    {.name = "capture",
     .kinds = kMap | kList,
     .doc = "Values taken from the answer.",
     .object = &kCapture,
     .items = kMap},
    {.name = "match",
     .kinds = kMap | kList,
     .doc = "What the answer must hold.",
     .object = &kMatch,
     .items = kMap},
};

}  // namespace

constinit const ObjectKind kHeaders{.id = "headers",
                                    .name = "headers",
                                    .doc = "Header fields by name; values may be templates.",
                                    .keys = {},
                                    .others = kText};
constinit const ObjectKind kTexts{
    .id = "texts", .name = "a map of texts", .doc = "Texts by name.", .keys = {}, .others = kText};
constinit const ObjectKind kFree{
    .id = "free", .name = "a map", .doc = "Anything by name.", .keys = {}, .others = kAny};
constinit const ObjectKind kEvents{"sse", "sse", "A stream of server-sent events.", kEventKeys};
constinit const ObjectKind kRequest{"request", "a request", "An HTTP request.", kRequestKeys};
constinit const ObjectKind kExpectation{"expectation", "an expectation", "What the response must be like.",
                                        kExpectationKeys};
constinit const ObjectKind kAnswered{"answered", "a message", "A WebSocket message and its answer.",
                                     kAnsweredKeys};

}  // namespace loadgen::scenario::artillery
