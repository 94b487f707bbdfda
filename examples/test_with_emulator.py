#!/usr/bin/env python3
"""Tests code that uses a vendor's SDK, against skydeck's emulator: no account, no network, real signatures and real errors.

    pip install alibabacloud-sae20190506
    SKYDECK=skydeck python examples/test_with_emulator.py
"""
import json
import os
import subprocess
import unittest

from alibabacloud_sae20190506 import client, models
from alibabacloud_tea_openapi.utils_models import Config


def create_namespace(sae, name):
    """The code under test: creates a namespace and returns its id."""
    answer = sae.create_namespace(models.CreateNamespaceRequest(namespace_name=name, name_space_short_id=name))
    return answer.body.data.namespace_id


class WithEmulator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = [os.environ.get("SKYDECK", "skydeck"), "emulator", "--print-env", "--output", "json", "--log", "none",
                   # The first listing is throttled.
                   "--fault", "alibaba-sae/DescribeNamespaces:Throttling.User*1"]
        cls.emulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        variables = json.loads(cls.emulator.stdout.readline())
        os.environ.update({name: value for name, value in variables.items() if value is not None})
        for name in (name for name, value in variables.items() if value is None):
            os.environ.pop(name, None)
        endpoint = os.environ["SKYDECK_ALIBABA_SAE"].removeprefix("http://")
        cls.sae = client.Client(Config(access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], protocol="http", endpoint=endpoint,
                                       access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]))

    @classmethod
    def tearDownClass(cls):
        cls.emulator.terminate()
        cls.emulator.wait()
        cls.emulator.stdout.close()

    def test_returns_the_id(self):
        self.assertEqual(create_namespace(self.sae, "orders"), "cn-hangzhou:orders")

    def test_reports_a_taken_name(self):
        create_namespace(self.sae, "taken")
        with self.assertRaises(Exception) as raised:
            create_namespace(self.sae, "taken")
        self.assertIn("already exist", str(raised.exception))

    def test_sees_a_throttled_call(self):
        page = models.DescribeNamespacesRequest(current_page=1, page_size=10)
        with self.assertRaises(Exception) as raised:
            self.sae.describe_namespaces(page)
        self.assertIn("Throttling.User", str(raised.exception))
        self.assertEqual(self.sae.describe_namespaces(page).status_code, 200)


if __name__ == "__main__":
    unittest.main()
