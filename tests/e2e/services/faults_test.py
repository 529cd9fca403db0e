"""Faults on purpose, switched by command while the services run: what callers and consumers suffer, that it ends with
the fault, and that the log is loud about it."""

import concurrent.futures
import http.client
import json
import time
import unittest

from tests.e2e.services import fault_switches, service_set, shop
from tests.support import otlp_receiver, waiting

CUT_OFF = (http.client.RemoteDisconnected, ConnectionResetError, http.client.IncompleteRead)
NOBODY = {"email_address": "nobody@example.com", "password": "x"}


def timed(step):
    """(what the step returned, seconds that it took)."""
    begin = time.monotonic()
    return step(), time.monotonic() - begin


class Routes(fault_switches.FaultCase):
    services_wanted = ("users", "loyalty")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.shop.register()
        waiting.until(lambda: cls.shop.points(cls.user) == 100, "points", 30)

    def profile(self, **more):
        return self.shop.ask("users", "GET", f"/user/{self.user.email}", token=self.user.token, **more)

    def points(self, **more):
        return self.shop.ask("loyalty", "GET", "/loyalty", token=self.user.token, **more)

    def test_a_delayed_route_waits_and_the_others_do_not(self):
        self.assertEqual(self.on("--service", "users", "--route", "GET /user/{id}", "--delay", "3s"),
                         "1  users GET /user/{id}: 100 % delayed by 3s\n")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            slow = pool.submit(timed, self.profile)
            self.assertEqual(self.points().status, 200)
            self.assertEqual(self.shop.ask("users", "POST", "/login", NOBODY).status, 404)
            self.assertFalse(slow.done(), "other routes waited too")
            answer, seconds = slow.result()
        self.assertEqual(answer.status, 200)
        self.assertGreaterEqual(seconds, 3)

    def test_delays_add_up(self):
        self.on("--service", "users", "--route", "*", "--delay", "200ms")
        self.on("--service", "*", "--route", "GET /user/{id}", "--delay", "300ms", "--error", "500")
        answer, seconds = timed(self.profile)
        self.assertEqual(answer.status, 500)
        self.assertGreaterEqual(seconds, 0.5)

    def test_an_error_is_answered_instead_of_work(self):
        self.on("--service", "users", "--route", "POST /user", "--error", "503")
        new = {"email_address": "half@example.com", "first_name": "H", "last_name": "D", "password": shop.PASSWORD}
        self.assertEqual(self.shop.ask("users", "POST", "/user", new).status, 503)
        self.profile(expect=200)
        fault_switches.off(self.set)
        self.shop.ask("users", "POST", "/user", new, expect=200)  # it was not registered before

    def test_an_error_comes_before_the_handler_and_its_look_at_the_token(self):
        self.on("--service", "loyalty", "--route", "*", "--error", "500")
        self.assertEqual(self.shop.ask("loyalty", "GET", "/loyalty", token="a.b.c").status, 500)
        fault_switches.off(self.set)
        self.assertEqual(self.shop.ask("loyalty", "GET", "/loyalty", token="a.b.c").status, 401)

    def test_a_share_of_the_requests(self):
        self.on("--service", "loyalty", "--route", "GET /loyalty", "--error", "418", "--share", "0.5")
        statuses = [self.points().status for _ in range(200)]
        self.assertEqual(set(statuses), {200, 418})
        # Binomial with p = 1/2 and n = 200: five standard deviations are 35.
        self.assertLess(abs(statuses.count(418) - 100), 36)

    def test_a_drop_closes_the_connection(self):
        self.on("--service", "loyalty", "--route", "*", "--drop")
        with self.assertRaises(CUT_OFF):
            self.points()
        self.profile(expect=200)
        fault_switches.off(self.set)
        self.points(expect=200)

    def test_a_throttle_lets_so_many_through(self):
        for error, status in ((), 429), (("--error", "503"), 503):
            with self.subTest(status=status):
                rate = 5
                self.on("--service", "loyalty", "--route", "GET /loyalty", "--max-per-second", str(rate), *error)
                statuses, seconds = timed(lambda: [self.points().status for _ in range(60)])
                self.assertLessEqual(set(statuses), {200, status})
                self.assertGreaterEqual(statuses.count(200), min(rate, 60))
                self.assertLessEqual(statuses.count(200), rate * (seconds + 1) + 1)
                fault_switches.off(self.set)
                self.points(expect=200)

    def test_the_log_is_loud_and_list_and_clear_name_each_fault(self):
        before = len(fault_switches.lines(self.set, fault_switches.ON))
        self.on("--service", "users", "--route", "*", "--delay", "1ms", "--share", "0.1")
        self.on("--service", "loyalty", "--consumer", "UserCreated", "--duplicate")
        told = fault_switches.lines(self.set, fault_switches.ON)[before:]
        self.assertEqual([(row["level"], row["count"]) for row in told], [("warn", 1), ("warn", 2)])
        first, second = "users *: 10 % delayed by 1ms", "loyalty consumer UserCreated: 100 % handled twice"
        self.assertEqual(told[-1]["faults"], f"{first}; {second}")
        self.assertEqual(self.set.command("faults", "list"), f"1  {first}\n2  {second}\n")
        self.assertEqual(json.loads(self.set.command("faults", "list", "--json")),
                         {"faults": [{"id": 1, "service": "users", "route": "*", "share": 0.1, "delay_ms": 1},
                                     {"id": 2, "service": "loyalty", "consumer": "UserCreated", "share": 1, "duplicate": True}]})
        fault_switches.switch(self.set, fault_switches.ON, "clear", "1")
        self.assertEqual(self.set.command("faults", "list"), f"2  {second}\n")

    def test_a_file_that_is_no_good_changes_nothing_and_is_named(self):
        self.on("--service", "loyalty", "--route", "GET /loyalty", "--error", "500")
        message = "FAULTS ON PURPOSE: the file is no good, the switches stay as they were"
        self.addCleanup(self.set.command, "faults", "clear")
        (self.set.data / "faults.json").write_text('{"faults":[{"id":1,"route":"*","share":2,"error":503}]}')
        [row] = waiting.until(lambda: fault_switches.lines(self.set, message), "the file to be refused", 30)
        self.assertEqual(row["level"], "error")
        self.assertIn("faults.json: faults[0]: share must be above 0 and at most 1", row["error"])
        self.assertEqual(self.points().status, 500)
        self.set.command("faults", "clear")
        waiting.until(lambda: self.points().status == 200, "the fault to end", 30)


class Consumers(fault_switches.FaultCase):
    @classmethod
    def setUpClass(cls):
        cls.receiver = otlp_receiver.Receiver()
        cls.addClassCleanup(cls.receiver.close)
        cls.services_wanted = ("users", "loyalty", "activity", "--otlp", cls.receiver.url)
        super().setUpClass()

    def failures(self):
        return [row for row in fault_switches.lines(self.set, "event failed") if row["queue"] == "UserCreated-dev"]

    def wait_for_points(self, user, wanted=100):
        waiting.until(lambda: self.shop.points(user) == wanted, f"{wanted} points", 30)

    def quiet(self):
        return all(row["waiting"] + row["in_flight"] == 0 for row in self.set.queues())

    def test_a_delayed_consumer_works_later(self):
        self.on("--service", "loyalty", "--consumer", "UserCreated", "--delay", "2s")
        begin = time.monotonic()
        user = self.shop.register()
        waiting.until(lambda: self.shop.activities("user", user.id), "another consumer of the same event", 30)
        self.wait_for_points(user)
        self.assertGreaterEqual(time.monotonic() - begin, 2)

    def test_a_failed_event_comes_again(self):
        before = len(self.failures())
        self.on("--service", "loyalty", "--consumer", "UserCreated-dev", "--error", "500")
        user = self.shop.register()
        waiting.until(lambda: len(self.failures()) > before, "the event to fail", 30)
        self.assertIsNone(self.shop.points(user))
        fault_switches.off(self.set)
        self.wait_for_points(user)
        failed = self.failures()[before:]
        self.assertEqual(len({row["id"] for row in failed}), 1)
        self.assertEqual([row["receives"] for row in failed], list(range(1, len(failed) + 1)))
        waiting.until(self.quiet, "empty queues", 30)
        self.assertEqual([row for row in self.set.queues() if row["dead"]], [])
        self.assertEqual(self.shop.points(user), 100)

    def test_a_dropped_event_is_settled_without_its_effect(self):
        self.on("--service", "loyalty", "--consumer", "UserCreated", "--drop")
        user = self.shop.register()
        waiting.until(lambda: self.shop.activities("user", user.id), "another consumer of the same event", 30)
        waiting.until(self.quiet, "empty queues", 30)
        fault_switches.off(self.set)
        later = self.shop.register()
        self.wait_for_points(later)
        self.assertIsNone(self.shop.points(user), "its event came again")
        self.assertEqual([row for row in self.set.queues() if row["dead"]], [])

    def processed(self):
        return [span for span in self.receiver.spans()
                if span.service == "LoyaltyService" and span.name == "process users.userCreated.v1"]

    def test_a_duplicated_event_is_handled_twice_and_counts_once(self):
        waiting.until(self.quiet, "empty queues", 30)
        self.on("--service", "loyalty", "--consumer", "UserCreated", "--duplicate")
        begin = time.time_ns()
        user = self.shop.register()
        self.wait_for_points(user)

        def since():
            return [span for span in self.processed() if span.start > begin]

        twice = waiting.until(lambda: len(since()) > 1 and since(), "two spans of one event", 30)
        self.assertEqual(len(twice), 2)
        self.assertEqual(twice[0].links[0].target, twice[1].links[0].target)
        waiting.until(self.quiet, "empty queues", 30)
        self.assertEqual(self.shop.points(user), 100)

    def test_a_throttled_consumer_takes_its_time(self):
        self.on("--service", "loyalty", "--consumer", "UserCreated", "--max-per-second", "2")
        begin = time.monotonic()
        users = [self.shop.register() for _ in range(7)]
        for user in users:
            self.wait_for_points(user)
        # Two are there from the start, each of the others is half a second's worth.
        self.assertGreaterEqual(time.monotonic() - begin, (len(users) - 2) / 2)


class AcrossProcesses(service_set.ServiceSetCase):
    def test_faults_outlive_a_restart_and_reach_every_process(self):
        services = self.start("users", "loyalty", "--separate")
        self.assertEqual(len(services.processes()), 2)
        printed = fault_switches.on(services, "--route", "GET /health/live", "--error", "500")
        self.assertEqual(printed, "1  * GET /health/live: 100 % fail with 500\n")

        def health(running):
            return [shop.ask(url, "GET", "/health/live").status for url in running.urls.values()]

        self.assertEqual(health(services), [500, 500])
        self.assertEqual(services.stop(), 0)
        again = self.start("users", "loyalty", "--separate")
        self.assertEqual(health(again), [500, 500])
        self.assertEqual(len(fault_switches.lines(again, fault_switches.ON)), 4, "each process says it when it starts")
        fault_switches.off(again)
        self.assertEqual(health(again), [200, 200])
        self.assertFalse((again.data / "faults.json").exists())

    def test_the_services_start_without_them_once_they_were_cleared(self):
        services = self.start("users")
        services.command("faults", "set", "--route", "*", "--error", "500")
        self.assertEqual(services.stop(), 0)
        services.command("faults", "clear")
        again = self.start("users")
        self.assertEqual(shop.ask(again.urls["users"], "GET", "/health/live").status, 200)


if __name__ == "__main__":
    unittest.main()
