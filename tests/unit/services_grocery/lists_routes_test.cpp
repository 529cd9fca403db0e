// Every route of the lists service, its successes and its failures.
#include <gmock/gmock.h>

#include "services/platform/auth/user_id.hpp"
#include "tests/unit/services_grocery/contract.hpp"

namespace loadgen::services::grocery::test {
namespace {

class Lists : public RouteTest {
  protected:
    Lists() : RouteTest("grocery-lists"), ann_(token_of("7")), bob_(token_of("8")), eve_(token_of("9")) {}

    void make_list(const std::string& id, bool shared = false) {
        ASSERT_EQ(send("POST", "/lists", ann_, R"({"listId":")" + id + R"(","name":"Week"})").status, 201);
        if (!shared) return;
        ASSERT_EQ(send("POST", "/lists/" + id + "/members", ann_, R"({"userId":"8","role":"member"})").status,
                  201);
    }
    /// 401 without a good token, 403 for who is no member, 404 for a list that is not there.
    void expect_members_only(const std::string& method, const std::string& rest,
                             const std::string& body = {}) {
        expect_needs_token(method, "/lists/guarded" + rest, body);
        expect_failure(403, send(method, "/lists/guarded" + rest, eve_, body), method + rest);
        expect_failure(404, send(method, "/lists/missing" + rest, eve_, body), method + rest);
    }

    const std::string ann_;
    const std::string bob_;
    const std::string eve_;
};

TEST_F(Lists, AreMadeOnce) {
    const Answer made = send("POST", "/lists", ann_, R"({"listId":"once","name":"Week"})");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(member(made.body, "listId"), "once");
    EXPECT_EQ(member(made.body, "ownerId"), "7");
    EXPECT_EQ(member(made.body, "version"), "1");
    EXPECT_EQ(send("POST", "/lists", ann_, R"({"listId":"once","name":"Other"})").status, 200) << "a retry";
    expect_failure(409, send("POST", "/lists", bob_, R"({"listId":"once","name":"Mine"})"), "taken");
    const Answer unnamed = send("POST", "/lists", ann_, R"({"name":"No id"})");
    EXPECT_EQ(unnamed.status, 201);
    EXPECT_EQ(member(unnamed.body, "listId")->size(), 36U);
}

TEST_F(Lists, RefuseWrongRequests) {
    expect_needs_token("POST", "/lists", R"({"name":"x"})");
    expect_reads_json("POST", "/lists", ann_);
    for (const char* body : {"{}", R"({"name":""})", R"({"name":7})", R"({"name":"x","listId":"a b"})",
                             R"({"name":"x","listId":"a#b"})"})
        expect_failure(400, send("POST", "/lists", ann_, body), body);
    expect_failure(400, send("POST", "/lists", ann_, R"({"name":")" + std::string(201, 'x') + R"("})"),
                   "long");
}

TEST_F(Lists, AreListedWithRoleAndOpenItems) {
    make_list("mine", true);
    ASSERT_EQ(send("POST", "/lists/mine/items", ann_, R"({"itemId":"i1","name":"Kaas"})").status, 201);
    ASSERT_EQ(send("POST", "/lists/mine/items", bob_, R"({"itemId":"i2","name":"Melk"})").status, 201);
    ASSERT_EQ(send("PATCH", "/lists/mine/items/i1", bob_, R"({"checked":true})").status, 200);
    const Answer answer = get("/lists", bob_);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body,
              R"({"items":[{"listId":"mine","name":"Week","role":"member","version":5,"openItems":1}]})");
    EXPECT_EQ(get("/lists", eve_).body, R"({"items":[]})");
    expect_needs_token("GET", "/lists");
}

TEST_F(Lists, AreReadByMembers) {
    make_list("guarded", true);
    ASSERT_EQ(
        send("POST", "/lists/guarded/items", ann_, R"({"itemId":"i1","name":"Kaas","note":"oud"})").status,
        201);
    const Answer answer = get("/lists/guarded", bob_);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, "list.name"), "Week");
    EXPECT_EQ(member(answer.body, "items.0.note"), "oud");
    EXPECT_EQ(member(answer.body, "items.0.addedBy"), "7");
    EXPECT_EQ(count_of(answer.body, "members"), 2);
    expect_members_only("GET", "");
}

TEST_F(Lists, AreRenamedByMembersUnlessTheVersionClashes) {
    make_list("guarded", true);
    const Answer renamed = send("PATCH", "/lists/guarded", bob_, R"({"name":"Feest","expectedVersion":2})");
    EXPECT_EQ(renamed.status, 200);
    EXPECT_EQ(member(renamed.body, "version"), "3");
    expect_failure(409, send("PATCH", "/lists/guarded", ann_, R"({"name":"Anders","expectedVersion":2})"),
                   "clash");
    EXPECT_EQ(member(get("/lists/guarded", ann_).body, "list.name"), "Feest");
    EXPECT_EQ(member(send("PATCH", "/lists/guarded", ann_, R"({"name":"Feest"})").body, "version"), "3")
        << "no change";
    expect_members_only("PATCH", "", R"({"name":"x"})");
    expect_reads_json("PATCH", "/lists/guarded", ann_);
    for (const char* body : {"{}", R"({"name":""})", R"({"name":"x","expectedVersion":"2"})"})
        expect_failure(400, send("PATCH", "/lists/guarded", ann_, body), body);
}

TEST_F(Lists, AreDeletedByOwners) {
    make_list("guarded", true);
    expect_members_only("DELETE", "");
    expect_failure(403, send("DELETE", "/lists/guarded", bob_), "a member");
    EXPECT_EQ(send("DELETE", "/lists/guarded", ann_).status, 204);
    expect_failure(404, get("/lists/guarded", ann_), "gone");
    EXPECT_EQ(get("/lists", bob_).body, R"({"items":[]})");
}

TEST_F(Lists, ItemsAreAddedOnce) {
    make_list("guarded", true);
    const std::string body =
        R"({"itemId":"i1","name":"Kaas","quantity":2,"promotionId":"dagmarkt-demo1","retailerId":"dagmarkt","note":"a\nb"})";
    const Answer added = send("POST", "/lists/guarded/items", bob_, body);
    EXPECT_EQ(added.status, 201);
    EXPECT_EQ(member(added.body, "quantity"), "2");
    EXPECT_EQ(member(added.body, "checked"), "false");
    const Answer again = send("POST", "/lists/guarded/items", ann_, R"({"itemId":"i1","name":"Other"})");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, added.body);
    EXPECT_EQ(member(get("/lists/guarded", ann_).body, "list.version"), "3");
    expect_members_only("POST", "/items", R"({"name":"x"})");
    expect_reads_json("POST", "/lists/guarded/items", ann_);
    for (const char* wrong :
         {"{}", R"({"name":""})", R"({"name":"x","quantity":0})", R"({"name":"x","quantity":1.5})",
          R"({"name":"x","quantity":"2"})", R"({"name":"x","itemId":"a/b"})", R"({"name":"x","note":7})"})
        expect_failure(400, send("POST", "/lists/guarded/items", ann_, wrong), wrong);
}

TEST_F(Lists, ItemsAreChangedUnlessTheVersionClashes) {
    make_list("guarded", true);
    ASSERT_EQ(send("POST", "/lists/guarded/items", ann_, R"({"itemId":"i1","name":"Kaas"})").status, 201);
    const Answer changed = send("PATCH", "/lists/guarded/items/i1", bob_,
                                R"({"checked":true,"quantity":3,"expectedVersion":1})");
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(member(changed.body, "version"), "2");
    EXPECT_EQ(member(changed.body, "checked"), "true");
    expect_failure(409, send("PATCH", "/lists/guarded/items/i1", ann_, R"({"note":"x","expectedVersion":1})"),
                   "clash");
    EXPECT_EQ(member(get("/lists/guarded", ann_).body, "list.openItems"), "0");
    expect_failure(404, send("PATCH", "/lists/guarded/items/none", ann_, R"({"note":"x"})"), "unknown");
    expect_members_only("PATCH", "/items/i1", R"({"note":"x"})");
    expect_reads_json("PATCH", "/lists/guarded/items/i1", ann_);
    for (const char* wrong : {R"({"checked":"yes"})", R"({"quantity":-1})", R"({"name":""})"})
        expect_failure(400, send("PATCH", "/lists/guarded/items/i1", ann_, wrong), wrong);
}

TEST_F(Lists, ItemsAreRemoved) {
    make_list("guarded", true);
    ASSERT_EQ(send("POST", "/lists/guarded/items", ann_, R"({"itemId":"i1","name":"Kaas"})").status, 201);
    expect_members_only("DELETE", "/items/i1");
    EXPECT_EQ(send("DELETE", "/lists/guarded/items/i1", bob_).status, 204);
    expect_failure(404, send("DELETE", "/lists/guarded/items/i1", bob_), "twice");
    EXPECT_EQ(member(get("/lists/guarded", ann_).body, "list.itemCount"), "0");
    EXPECT_EQ(member(get("/lists/guarded", ann_).body, "list.openItems"), "0");
}

TEST_F(Lists, MembersAreAddedByOwners) {
    make_list("guarded");
    const Answer added = send("POST", "/lists/guarded/members", ann_, R"({"userId":"8","role":"member"})");
    EXPECT_EQ(added.status, 201);
    EXPECT_EQ(added.body, R"({"listId":"guarded","userId":"8","role":"member"})");
    EXPECT_EQ(send("POST", "/lists/guarded/members", ann_, R"({"userId":"8","role":"member"})").status, 200);
    const Answer by_email = send("POST", "/lists/guarded/members", ann_, R"({"email":"user@example.com"})");
    EXPECT_EQ(by_email.status, 201);
    // The hash that the specification of user ids gives for this address.
    EXPECT_EQ(member(by_email.body, "userId"), "2690990198362561843");
    expect_failure(403, send("POST", "/lists/guarded/members", bob_, R"({"userId":"9"})"), "a member");
    expect_members_only("POST", "/members", R"({"userId":"10"})");
    expect_reads_json("POST", "/lists/guarded/members", ann_);
    for (const char* wrong : {"{}", R"({"userId":7})", R"({"userId":"8","email":"a@b"})",
                              R"({"email":"nobody"})", R"({"userId":"8","role":"king"})"})
        expect_failure(400, send("POST", "/lists/guarded/members", ann_, wrong), wrong);
}

TEST_F(Lists, MembersLeaveOrAreRemoved) {
    make_list("guarded", true);
    ASSERT_EQ(send("POST", "/lists/guarded/members", ann_, R"({"userId":"10"})").status, 201);
    expect_members_only("DELETE", "/members/10");
    expect_failure(403, send("DELETE", "/lists/guarded/members/10", bob_), "by another member");
    EXPECT_EQ(send("DELETE", "/lists/guarded/members/10", ann_).status, 204);
    expect_failure(404, send("DELETE", "/lists/guarded/members/10", ann_), "twice");
    EXPECT_EQ(send("DELETE", "/lists/guarded/members/8", bob_).status, 204) << "oneself";
    expect_failure(403, get("/lists/guarded", bob_), "no member any more");
    expect_failure(409, send("DELETE", "/lists/guarded/members/7", ann_), "the last owner");
    ASSERT_EQ(send("POST", "/lists/guarded/members", ann_, R"({"userId":"8","role":"owner"})").status, 201);
    EXPECT_EQ(send("DELETE", "/lists/guarded/members/7", ann_).status, 204) << "another owner is left";
}

TEST_F(Lists, ChangesTellWhatHappened) {
    make_list("guarded", true);
    ASSERT_EQ(send("POST", "/lists/guarded/items", bob_, R"({"itemId":"i1","name":"Kaas"})").status, 201);
    ASSERT_EQ(send("DELETE", "/lists/guarded/items/i1", bob_).status, 204);
    const Answer all = get("/lists/guarded/changes", ann_);
    EXPECT_EQ(all.status, 200);
    EXPECT_EQ(member(all.body, "version"), "4");
    EXPECT_EQ(count_of(all.body, "changes"), 4);
    EXPECT_EQ(member(all.body, "changes.0.change"), "listCreated");
    EXPECT_EQ(member(all.body, "changes.1.change"), "memberAdded");
    EXPECT_EQ(member(all.body, "changes.2.item.name"), "Kaas");
    EXPECT_EQ(member(all.body, "changes.3.change"), "itemRemoved");
    EXPECT_EQ(member(all.body, "changes.3.actorUserId"), "8");
    EXPECT_EQ(count_of(get("/lists/guarded/changes?since=3", ann_).body, "changes"), 1);
    EXPECT_EQ(get("/lists/guarded/changes?since=4", ann_).body, R"({"version":4,"changes":[]})");
    EXPECT_EQ(get("/lists/guarded/changes?since=99", ann_).body,
              R"({"version":4,"changes":[],"reset":true})");
    expect_members_only("GET", "/changes");
    expect_members_only("GET", "/stream");
    for (const char* query : {"since=-1", "since=x", "wait=31", "wait=-1"})
        expect_failure(400, get(std::string("/lists/guarded/changes?") + query, ann_), query);
}

}  // namespace
}  // namespace loadgen::services::grocery::test
