"""The blocks of docs/python.md run as they stand there, one after the other; its lines are short."""
import re
import unittest

from common import ROOT
from package import PackageTest, printed

PAGE = ROOT / "docs/python.md"


class DocsTest(PackageTest):
    def test_the_blocks_run(self):
        page = PAGE.read_text()
        blocks = re.findall(r"^```python\n(.*?)^```$", page, flags=re.M | re.S)
        self.assertGreater(len(blocks), 6)
        names = {}
        for block in blocks:
            code = compile(block, f"{PAGE}: {block.splitlines()[0]}", "exec")
            _, text = printed(exec, code, names)
            for said in re.findall(r"print\(error\) +# (.*)", block):
                self.assertEqual(text, said + "\n")
            for said in re.findall(r"print\(ppo_train.evaluate.*\) +# (.*)", block):
                self.assertIn(said, text)
                self.assertIsNotNone(names["run"].summary["agents"][0]["solved_at_step"])

    def test_the_page_is_short(self):
        lines = PAGE.read_text().splitlines()
        self.assertLessEqual(len(lines), 250)
        self.assertLessEqual(max(len(line) for line in lines if not line.startswith("|")), 100)


if __name__ == "__main__":
    unittest.main()
