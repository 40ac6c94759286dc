"""Tests of bench/micro/count_instructions, whose path is the only argument."""

import contextlib
import importlib.machinery
import importlib.util
import io
import sys
import unittest

loader = importlib.machinery.SourceFileLoader("count_instructions", sys.argv.pop(1))
tested = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(tested)


def errors(counted, figures):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        return tested.compare(counted, figures), said.getvalue()


class Comparing(unittest.TestCase):
    def test_lets_pass_what_stays_within_the_tolerance(self):
        self.assertEqual(errors({"a": 1_049}, {"a": 1_000})[0], 0)

    def test_finds_what_takes_more(self):
        wrong, said = errors({"a": 1_060, "b": 10}, {"a": 1_000, "b": 10})
        self.assertEqual(wrong, 1)
        self.assertIn("TOO MANY", said)

    def test_asks_to_renew_what_takes_much_less(self):
        wrong, said = errors({"a": 800}, {"a": 1_000})
        self.assertEqual(wrong, 0)
        self.assertIn("renew", said)

    def test_finds_paths_and_figures_that_have_no_match(self):
        self.assertEqual(errors({"new": 1}, {})[0], 1)
        self.assertEqual(errors({}, {"gone": 1})[0], 1)


unittest.main()
