"""A store in trouble is the service's fault, never "not found"."""

import json
import sqlite3
import unittest

from tests.e2e.birthday import service
from tests.support import waiting


class StoreFailure(service.ServiceCase):
    def setUp(self):
        super().setUp()
        self.service = self.start()
        self.client = service.Client(self.service)
        self.addCleanup(self.client.close)
        self.assertEqual(self.client.put("foo")[0], 204)
        self.database = sqlite3.connect(self.data / "birthday.db", isolation_level=None)
        self.addCleanup(self.database.close)

    def assert_database_error(self, answer, status):
        self.assertEqual((answer[0], json.loads(answer[2])["message"]), (status, "database error"))

    def test_a_damaged_row(self):
        self.database.execute("UPDATE birthdays SET dob = 'soon'")
        self.assert_database_error(self.client.ask("GET", "/hello/foo"), 500)

    def test_a_missing_table(self):
        self.database.execute("DROP TABLE birthdays")
        self.assert_database_error(self.client.ask("GET", "/hello/foo"), 500)
        self.assert_database_error(self.client.put("bar"), 500)

        def errors():
            return [line for line in self.service.log_lines() if line["level"] == "error"]

        # The client is told little; the log has the reason.
        waiting.until(lambda: len(errors()) == 2, "two error lines")
        self.assertIn("no such table: birthdays", errors()[0]["error"])

    def test_a_writer_that_gets_no_lock_times_out_and_reads_go_on(self):
        self.database.execute("BEGIN IMMEDIATE")
        self.assert_database_error(self.client.put("bar"), 503)
        self.assertEqual(self.client.ask("GET", "/hello/foo")[0], 200)
        self.assertEqual(self.client.ask("GET", "/hello/bar")[0], 404)
        self.database.execute("COMMIT")
        self.assertEqual(self.client.put("bar")[0], 204)


if __name__ == "__main__":
    unittest.main()
