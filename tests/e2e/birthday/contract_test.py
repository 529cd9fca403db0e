"""Every row of the greeter's contract, over real sockets."""

import datetime
import json
import unittest

from tests.e2e.birthday import service
from tests.support import waiting


def today():
    return datetime.datetime.now(datetime.timezone.utc).date()


class Contract(service.ServiceCase):
    def setUp(self):
        super().setUp()
        self.service = self.start("--log-level", "info", "--access-log", str(self.folder / "access.log"))
        self.client = service.Client(self.service)
        self.addCleanup(self.client.close)

    def assert_error(self, answer, status, message):
        self.assertEqual(answer[0], status, answer)
        self.assertEqual(answer[1]["Content-Type"], "application/json")
        body = json.loads(answer[2])
        self.assertEqual(sorted(body), ["message", "requestId"])
        self.assertIn(message, body["message"])
        self.assertEqual(body["requestId"], answer[1]["X-Request-Id"])

    def put_date(self, date, name="foo"):
        return self.client.put(name, json.dumps({"dateOfBirth": str(date)}))

    def test_put_answers_204_without_a_body(self):
        status, headers, body = self.client.put("foo")
        self.assertEqual((status, headers["Content-Type"], body), (204, "application/json", ""))

    def test_get_counts_the_days(self):
        # Days ahead of today, by the calendar of another implementation; the birth year is four years back, so that
        # a February 29 stays one.
        for days in (1, 2, 59, 60, 200, 364):
            birthday = today() + datetime.timedelta(days=days)
            self.put_date(birthday.replace(year=birthday.year - 4))
            status, headers, body = self.client.ask("GET", "/hello/foo")
            self.assertEqual((status, headers["Content-Type"]), (200, "application/json"))
            self.assertEqual(body, '{"message":"Hello, foo! Your birthday is in %d day(s)"}' % days)

    def test_get_congratulates_on_the_day(self):
        birth = today()
        self.put_date(birth.replace(year=birth.year - 4))
        self.assertEqual(self.client.ask("GET", "/hello/foo")[2], '{"message":"Hello, foo! Happy birthday!"}')

    def test_names_are_lower_cased(self):
        self.assertEqual(self.client.put("FooBar")[0], 204)
        self.assertIn("Hello, foobar!", self.client.ask("GET", "/hello/fOObAR")[2])

    def test_put_overwrites(self):
        birth = today()
        self.put_date("2019-04-04")
        self.put_date(birth.replace(year=birth.year - 4))
        self.assertIn("Happy birthday", self.client.ask("GET", "/hello/foo")[2])

    def test_bad_usernames(self):
        for name in ("f", "abcdefghijklm", "foo1", "fo-o", "f%20o", "%C3%A9t", "fo%2Fo", "foo%00"):
            self.assert_error(self.client.put(name), 400, "2 to 12 letters")
            self.assert_error(self.client.ask("GET", f"/hello/{name}"), 400, "2 to 12 letters")

    def test_broken_json(self):
        for body in ("", "{", "dateOfBirth=2019-04-04", service.GOOD_BODY + "}", "[" * 1000):
            self.assert_error(self.client.put("foo", body), 400, "bad json input")

    def test_wrong_types_fields_and_dates(self):
        for body in ("{}", "[]", "null", '"2019-04-04"', '{"dateOfBirth":20190404}', '{"dateOfBirth":null}',
                     '{"date":"2019-04-04"}', '{"dateOfBirth":"04-04-2019"}', '{"dateOfBirth":"2019-4-4"}',
                     '{"dateOfBirth":"2019-04-04T00:00:00Z"}', '{"dateOfBirth":"2019-02-29"}',
                     '{"dateOfBirth":"2019-04-31"}', '{"dateOfBirth":"x2019-04-04"}', '{"dateOfBirth":""}'):
            self.assert_error(self.client.put("foo", body), 400, "yyyy-mm-dd")

    def test_today_and_later(self):
        for days in (0, 1, 10000):
            self.assert_error(self.put_date(today() + datetime.timedelta(days=days)), 400, "before today")
        self.assertEqual(self.put_date(today() - datetime.timedelta(days=1))[0], 204)

    def test_unknown_user(self):
        self.assert_error(self.client.ask("GET", "/hello/nobody"), 404, "username not found")

    def test_no_path_parameter_is_an_unknown_route(self):
        for path in ("/hello", "/hello/", "/", "/hello/foo/bar", "/Hello/foo"):
            self.assert_error(self.client.ask("GET", path), 404, "no such path")

    def test_other_methods(self):
        for method in ("POST", "DELETE", "PATCH"):
            answer = self.client.ask(method, "/hello/foo")
            self.assert_error(answer, 405, "method not allowed")
            self.assertEqual(set(answer[1]["Allow"].split(", ")), {"GET", "HEAD", "PUT"})

    def test_head_is_get_without_the_body(self):
        self.client.put("foo")
        _, _, body = self.client.ask("GET", "/hello/foo")
        status, headers, nothing = self.client.ask("HEAD", "/hello/foo")
        self.assertEqual((status, nothing, headers["Content-Length"]), (200, "", str(len(body))))

    def test_oversize_bodies(self):
        self.assert_error(self.client.put("foo", " " * 70_000 + service.GOOD_BODY), 413, "65536 bytes")
        # Far beyond it the connection's own limit answers, without waiting for the rest.
        with self.service.connect() as raw:
            raw.sendall(b"PUT /hello/foo HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
            self.assertIn("413", service.read_answer(raw.makefile("rb"))[0])

    def test_health(self):
        self.assertEqual(self.client.ask("GET", "/health/live")[0], 200)
        self.assertEqual(self.client.ask("GET", "/health/ready")[0], 200)

    def test_logs_are_json_lines_with_what_happened(self):
        self.client.ask("GET", "/hello/nobody", headers={"X-Request-Id": "find-me"})
        self.client.put("foo")

        def lines():
            return [line for line in self.service.log_lines() if line.get("requestId")]

        waiting.until(lambda: len(lines()) >= 2, "two log lines")
        first, second = lines()[:2]
        self.assertEqual((first["level"], first["status"], first["message"], first["requestId"], first["error"]),
                         ("info", 404, "username not found", "find-me", ""))
        self.assertEqual((second["level"], second["status"]), ("info", 204))
        for line in (first, second):
            datetime.datetime.strptime(line["time"], "%Y-%m-%dT%H:%M:%S.%fZ")

    def test_access_log_is_common_log_format(self):
        self.client.ask("GET", "/hello/nobody", headers={"X-Request-Id": "r-1"})
        path = self.folder / "access.log"
        text = waiting.until(path.read_text, "the access log")
        self.assertRegex(text, r'^127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] '
                               r'"GET /hello/nobody HTTP/1\.1" 404 \d+ "r-1" \d+\n$')


if __name__ == "__main__":
    unittest.main()
