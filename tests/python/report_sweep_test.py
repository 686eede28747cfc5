"""The page of a sweep's report in a browser: its numbers and tables, for everyone, and with hostile names."""
import math
import re
import shutil

import numpy as np
from selenium.webdriver.common.by import By

from common import read_csv
from report_browser import run_in_browser
from sweep_browser import SweepReportTest, written
from sweep_folder import FIRST_RUNG, TARGET

HOSTILE = "a\"'<\u2028\u202e</script><script>window.broken=1</script>&amp;<img src=x onerror=window.broken=1>{{data}}\u00fc"


def places(entry, values):
    """Where the values lie on the axis of the key; None: outside of its range."""
    if "values" in entry:
        return [[str(one).lower() for one in entry["values"]].index(value) for value in values]
    scale = {"log": math.log, "log1m": lambda x: -math.log(1 - x), "pow2": math.log2, "linear": float}[entry["scale"]]
    low, high = scale(entry["min"]), scale(entry["max"])
    found = [(scale(float(value)) - low) / (high - low) for value in values]
    return [place if -1e-9 <= place <= 1 + 1e-9 else None for place in found]


def epsilon_squared(ranks, found):
    """As docs/sweep-report.md describes it: each of up to 10 values a bin, else about root(n / 2), 10 at most, of one width."""
    inside = [place for place in found if place is not None]
    wide = min(10, max(3, round(math.sqrt(len(inside) / 2))))
    few = len(set(inside)) <= 10
    bins = {}
    for rank, place in zip(ranks, found):
        if place is not None:
            bins.setdefault(place if few else min(int(place * wide), wide - 1), []).append(rank)
    every = np.concatenate(list(bins.values()))
    within = sum(np.sum((np.array(one) - np.mean(one)) ** 2) for one in bins.values())
    return 1 - within / (len(every) - len(bins)) / (np.sum((every - every.mean()) ** 2) / (len(every) - 1))


class SweepPageTest(SweepReportTest):
    def test_says_what_the_sweep_has_found(self):
        _, sweep = self.sweep(trials=64)
        winner = sweep["ranking"][0]
        figures = self.by_css(".figures")[0].text
        self.assertIn(f"Winner: trial {winner['trial']}\n{winner['score']:,} steps", figures)
        self.assertIn("As it stands: trial 0", figures)
        self.assertIn("1 min 14 s\ncuda:0, NVIDIA H200", figures)
        self.assertIn("finished\n2026-11-29 08:09 UTC\ndevice\ncuda:0", self.by_css(".facts")[0].text)
        rows = [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")] for row in self.by_css(".values tbody tr")]
        self.assertEqual([row[0] for row in rows], [entry["key"] for entry in sweep["space"]])
        for row in rows:
            value = winner["values"][row[0]]
            if isinstance(value, float):
                self.assertAlmostEqual(float(row[1]), value, delta=1e-3 * value)
            else:
                self.assertEqual(row[1], str(value).lower())
        self.assertEqual(self.by_css(".command code")[0].text, "ppo_train --config sweep/best.toml")
        self.assertRegex(self.by_css(".after")[0].text, r"^What cutting costs: \d+ trials, drawn at random")

    def test_importance_is_what_numpy_makes_of_the_files(self):
        folder, sweep = self.sweep(trials=256)
        rows = read_csv(folder / "trials.csv")
        curves = {}
        end = lambda row: -(-FIRST_RUNG // (int(row["num_envs"]) * int(row["num_steps"]))) * int(row["num_envs"]) * int(row["num_steps"])
        for row in read_csv(folder / "curves.csv"):
            if row["stage"] == "sweep" and int(row["steps"]) <= end(rows[int(row["trial"])]):
                curves.setdefault(int(row["trial"]), {}).setdefault(row["seed"], []).append((int(row["steps"]), float(row["return"])))
        standings = []
        for k in range(256):
            seeds = []
            for points in curves[k].values():
                below = [i for i, (_, value) in enumerate(points) if value < TARGET]
                first = (below[-1] if below else -1) + 1
                seeds.append((points[first][0] if first < len(points) else math.inf, -np.mean([value for _, value in points])))
            standings.append((sorted(seeds)[1][0], np.mean([mean for _, mean in seeds])))
        ordered = sorted(standings)
        ranks = np.array([(ordered.index(one) + 1 + ordered.index(one) + ordered.count(one)) / 2 for one in standings])
        expected = {entry["key"]: epsilon_squared(ranks, places(entry, [row[entry["key"]] for row in rows])) for entry in sweep["space"]}
        shown = {row.find_element(By.TAG_NAME, "th").text: int(re.match(r"\d+", row.find_element(By.TAG_NAME, "td").text)[0])
                 for row in self.by_css(".importance tbody tr")}
        self.assertEqual(set(shown), set(expected))
        for key, share in expected.items():
            self.assertAlmostEqual(shown[key], 100 * max(share, 0), delta=0.51, msg=key)
        self.assertEqual(list(shown.values()), sorted(shown.values(), reverse=True))

    def test_is_accessible(self):
        self.sweep(trials=24, method="pbt")
        self.run_script("for (const one of document.querySelectorAll('details')) one.open = true")
        levels = [int(heading.tag_name[1]) for heading in self.by_css("h1, h2, h3, h4")]
        self.assertEqual(levels.count(1), 1)
        self.assertTrue(all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels)
        for drawing in self.by_css("[role=img]"):
            self.assertTrue(drawing.get_attribute("aria-label"))
        self.assertEqual([cell.get_attribute("outerHTML") for cell in self.by_css("th:not([scope])")], [])
        for element in self.by_css("button, section, .filters :is(input, select), [role=region], [role=group]"):
            self.assertTrue(element.accessible_name, element.get_attribute("outerHTML"))
        identifiers = [element.get_attribute("id") for element in self.by_css("[id]")]
        self.assertEqual(len(identifiers), len(set(identifiers)))

    def test_shows_all_trials_by_score_and_sorts_them(self):
        folder, _ = self.sweep(trials=64)
        rows = read_csv(folder / "trials.csv")
        numbers = lambda: [int(row.get_attribute("data-trial")) for row in self.by_css(".sortable tbody tr")]
        scores = [float(rows[k]["score"] or "inf") for k in numbers()]
        self.assertEqual(scores, sorted(scores))
        self.assertEqual(len(scores), 64)
        self.by_css(".sortable .sort")[0].click()
        self.assertEqual(numbers(), list(range(64)))

    def test_of_a_population_has_its_schedule(self):
        folder, _ = self.sweep(trials=24, method="pbt")
        rows = read_csv(folder / "schedule.csv")
        changing = [key for key in rows[0] if key != "steps" and len({row[key] for row in rows}) > 1]
        self.assertEqual([one.text for one in self.by_css("#schedule ~ .effects h3")], changing)
        self.assertEqual(self.by_css("#rung-chart, .importance"), [])
        self.assertEqual(self.by_css(".command code")[0].text, "ppo_train --config sweep/best.toml --replay sweep/schedule.csv")
        self.assertEqual(self.run_script("return document.querySelector('.schedule path').getAttribute('d').match(/V/g).length"), len(rows) - 1)

    def test_of_an_unfinished_sweep_says_so(self):
        self.sweep(trials=64, running=True)
        self.assertIn("The sweep is not complete", self.by_css(".notice")[0].text)
        self.assertEqual(self.by_css(".command code")[0].text, "ppo_train resume sweep")
        self.assertIn("Best so far", self.by_css(".figures")[0].text)
        self.assertEqual(self.by_css("#ranking"), [])

    def test_before_the_first_rung_has_only_the_plan(self):
        (self.folder / "sweep").mkdir()
        (self.folder / "sweep" / "sweep.toml").write_text("[sweep]\n")
        self.ppo_train("report", "sweep")
        self.show("sweep")
        self.assertIn("has not come to its first rung", self.by_css(".notice")[0].text)
        self.assertEqual(self.by_css(".command code")[0].text, "ppo_train resume sweep")
        self.assertEqual(self.by_css(".drawing, .plot"), [])

    def test_hostile_names_stay_text(self):
        source, _ = written(trials=24)
        for name in ("sweep.json", "trials.csv"):
            self.assertIn("relu", (source / name).read_text())
        (self.folder / HOSTILE).parent.mkdir(parents=True)
        shutil.copytree(source, self.folder / HOSTILE)
        hostile = "</script><img src=x onerror=window.broken=1>{{data}}"
        for name in ("sweep.json", "trials.csv"):
            file = self.folder / HOSTILE / name
            file.write_text(file.read_text().replace("relu", hostile))
        self.ppo_train("report", HOSTILE, "--out", "page.html")
        self.open(self.folder / "page.html")
        self.expect_quiet()
        self.assertIsNone(self.run_script("return window.broken ?? null"))
        page = (self.folder / "page.html").read_text()
        self.assertEqual(len(re.findall("<script", page)), 3)
        self.assertIn("default-src 'none'", page)
        self.assertNotRegex(page, r"url\(|@import|sourceMappingURL|fetch\(")
        self.assertIn("onerror=window.broken=1>{{data}}", self.by_css("h1")[0].text)

    def test_reads_without_its_script(self):
        _, sweep = self.sweep(trials=64)
        file = self.folder / "sweep" / "report.html"
        file.write_text(re.sub(r"<script>.*?</script>", "", file.read_text(), flags=re.S))
        self.show("sweep")
        self.assertIn(f"{sweep['ranking'][0]['score']:,} steps", self.by_css(".figures")[0].text)
        self.assertEqual(len(self.by_css(".importance tbody tr")), len(sweep["space"]))
        self.assertGreaterEqual(len(self.by_css("[aria-labelledby=rungs] tbody tr")), 5)
        self.run_script("for (const one of document.querySelectorAll('details')) one.open = true")
        self.assertGreater(len(self.by_css("[aria-labelledby=effects] tbody tr")), 50)

    def test_a_sweep_is_reported_alone(self):
        source, _ = written(trials=24)
        shutil.copytree(source, self.folder / "sweep")
        self.train("--num-envs", "8", "--num-steps", "32", "--total-timesteps", "512")
        self.ppo_train("report", "run", "sweep", exit_code=2)
        self.ppo_train("report", "sweep", "--svg")
        self.assertIn("target: 475", (self.folder / "sweep" / "return.svg").read_text())


if __name__ == "__main__":
    run_in_browser()
