"""The charts of a sweep's report in a browser: drawn in both schemes, read by mouse and keyboard, filtered, on a phone."""
import re

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from common import read_csv
from report_browser import CONTRAST, run_in_browser
from sweep_browser import SweepReportTest

# How many pixels of a drawing are not as its paper is.
INK = """
return [...document.querySelectorAll(arguments[0] + ' canvas')].map(canvas => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 20) ++count;
  return count;
});
"""


class SweepChartsTest(SweepReportTest):
    def test_draws_in_both_schemes(self):
        self.sweep(trials=64)
        strokes = set()
        for scheme in ("light", "dark"):
            with self.subTest(scheme):
                self.emulate(prefers_color_scheme=scheme)
                self.show("sweep")
                self.assertEqual(self.charts()[0]["rows"] > 50, True)
                self.assertGreater(self.run_script(INK, "#parallel")[0], 10000)
                self.assertGreater(self.run_script(INK, "#rung-chart")[0], 1000)
                for ink in self.run_script(INK, ".effect")[::2]:
                    self.assertGreater(ink, 1000)
                self.run_script("for (const one of document.querySelectorAll('details')) one.open = true")
                contrast, where = self.run_script(CONTRAST)
                self.assertGreaterEqual(contrast, 4.5, where)
                strokes.add(self.run_script("return window.sweepChart.trials.css().winner"))
                self.expect_quiet()
        self.assertEqual(len(strokes), 2)
        before = self.run_script("return window.sweepChart.trials.css().paper")
        self.by_css("#theme")[0].click()  # light
        self.assertNotEqual(self.run_script("return window.sweepChart.trials.css().paper"), before)

    def test_names_the_trial_that_is_pointed_at(self):
        folder, sweep = self.sweep(trials=64)
        winner = sweep["ranking"][0]["trial"]
        self.assertIn(f"Trial {winner}, the winner", self.trial_shown())  # as long as none is pointed at
        path = self.run_script("""
            document.getElementById('parallel').scrollIntoView({block: 'center'});
            const {trials, path} = window.sweepChart;
            const box = document.getElementById('parallel');
            const i = trials.sweep.numbers.indexOf(0);
            return path(i).map(([x, y]) => [Math.round(x - box.clientWidth / 2), Math.round(y - box.clientHeight / 2)]);""")
        ActionChains(self.browser).move_to_element_with_offset(self.by_css("#parallel")[0], *path[1]).perform()
        self.wait(lambda: "the winner" not in self.trial_shown())
        number = int(re.search(r"Trial (\d+)", self.trial_shown())[1])
        row = read_csv(folder / "trials.csv")[number]
        self.assertIn(f"num_envs{row['num_envs']}", self.trial_shown())
        self.assertGreater(self.run_script(INK, "#parallel")[1], 100)
        for readout in self.by_css(".effect .readout"):
            self.assertRegex(readout.text, rf"Trial {number}: .*rank \d+")
        ActionChains(self.browser).move_to_element(self.by_css("h1")[0]).perform()
        self.wait(lambda: "the winner" in self.trial_shown())

    def test_shows_the_seeds_of_a_dot(self):
        self.sweep(trials=64)
        self.by_css("[data-measure='1']")[0].click()  # the score
        self.assertIn("Score: steps to a greedy return of 475", self.by_css("#measure")[0].text)
        before = self.run_script(INK, ".effect")[1]
        box = self.by_css(".effect .drawing")[0]
        self.run_script("arguments[0].scrollIntoView({block: 'center'})", box)
        offset = self.run_script("""
            const {trials} = window.sweepChart;
            const [x, y] = window.sweepEffects[0].place(trials.winner);
            return [Math.round(x - arguments[0].clientWidth / 2), Math.round(y - arguments[0].clientHeight / 2)];""", box)
        ActionChains(self.browser).move_to_element_with_offset(box, *offset).perform()
        self.wait(lambda: "steps" in self.by_css(".effect .readout")[0].text)
        self.assertGreater(self.run_script(INK, ".effect")[1], before + 50)

    def test_filters_by_a_drag_along_an_axis(self):
        folder, _ = self.sweep(trials=64)
        rows = read_csv(folder / "trials.csv")
        self.brush(0, 0.5, 1.05)  # lr from 0.001, which is the middle of its logarithmic axis
        wanted = [int(row["trial"]) for row in rows if float(row["lr"]) >= 0.001]
        passing = self.passing()
        self.assertLessEqual(len(set(passing) ^ set(wanted)), 3)  # by a pixel
        self.assertEqual(self.by_css("#passing")[0].text, f"{len(passing)} of 64 trials pass")
        dimmed = [int(row.get_attribute("data-trial")) for row in self.by_css("tr.dimmed")]
        self.assertEqual(sorted(dimmed + passing), list(range(64)))
        self.brush(7, 0.9, 1.1)  # and num_envs 64
        self.assertEqual(self.passing(), [k for k in passing if rows[k]["num_envs"] == "64"])
        self.by_css("#unfilter")[0].click()
        self.assertEqual(len(self.passing()), 64)
        self.assertFalse(self.by_css("#unfilter")[0].is_enabled())
        self.brush(0, 0.5, 1.05)
        box = self.by_css("#parallel")[0]
        ActionChains(self.browser).move_to_element_with_offset(box, *self.point(0, 0.7)).click().perform()
        self.assertEqual(len(self.passing()), 64)
        self.expect_quiet()

    def test_filters_by_keyboard(self):
        folder, _ = self.sweep(trials=64)
        rows = read_csv(folder / "trials.csv")
        self.by_css("#filters summary")[0].send_keys(Keys.ENTER)
        field = lambda name: next(one for one in self.by_css(".filters :is(input, select)") if one.get_attribute("aria-label") == name)
        field("lr from").send_keys("0.002", Keys.TAB)
        wanted = {int(row["trial"]) for row in rows if float(row["lr"]) >= 0.002}
        self.assertEqual(set(self.passing()), wanted)
        field("activation from").send_keys("relu")
        field("activation to").send_keys(Keys.TAB)
        wanted = {k for k in wanted if rows[k]["activation"] == "relu"}
        self.assertEqual(set(self.passing()), wanted)
        field("rank to").send_keys("10", Keys.TAB)
        self.assertLessEqual(len(self.passing()), 10)
        field("lr from").send_keys("nonsense", Keys.TAB)
        self.assertEqual(len(self.by_css(".filters .unread")), 1)
        self.by_css("#unfilter")[0].click()
        self.assertEqual(len(self.passing()), 64)
        # Arrow keys go by rank.
        chart = self.by_css("#parallel")[0]
        chart.send_keys(Keys.HOME)
        self.assertIn("rank 1 of 64", self.trial_shown())
        chart.send_keys(Keys.ARROW_RIGHT)
        self.assertRegex(self.run_script("return document.getElementById('trial-spoken').textContent"), r"^Trial \d+, .*rank 2 of 64.* lr 0\.")
        for readout in self.by_css(".effect .readout"):
            self.assertTrue(readout.text)
        chart.send_keys(Keys.ESCAPE)
        self.assertEqual(self.by_css(".effect .readout")[0].text, "")

    def test_fits_a_phone(self):
        for options in ({"trials": 64}, {"trials": 24, "method": "pbt"}, {"trials": 64, "running": True}):
            with self.subTest(options):
                self.emulate(width=390)
                name = "-".join(map(str, options.values()))
                self.sweep(name, **options)
                self.run_script("for (const one of document.querySelectorAll('details')) one.open = true")
                self.assertEqual(self.run_script("return document.documentElement.scrollWidth"), 390)
                self.assertTrue(self.run_script("return window.sweepChart.rows()"))
                for drawing in self.by_css(".drawing"):
                    self.assertGreater(drawing.rect["width"], 300)
        self.brush(0, 0.5, 1.05)
        self.assertRegex(self.by_css("#passing")[0].text, r"\d+ of 64 trials pass")

    def test_on_a_phone_a_range_stands_under_its_key(self):
        self.emulate(width=390)
        self.sweep(trials=64)
        box = self.by_css(".scroll:has(.values)")[0]
        self.assertEqual(self.run_script("return arguments[0].scrollWidth - arguments[0].clientWidth", box), 0)
        rows = self.by_css(".values tbody tr")
        for row in rows:
            key, winner, base, searched = row.find_elements(By.CSS_SELECTOR, "th, td")
            self.assertGreaterEqual(searched.rect["y"], key.rect["y"] + key.rect["height"] - 1)
            self.assertEqual(winner.rect["y"], base.rect["y"])
        columns = {row.find_elements(By.CSS_SELECTOR, "td")[0].rect["x"] for row in rows}
        self.assertEqual(len(columns), 1)

    def test_is_quick_with_two_thousand_trials(self):
        folder, _ = self.sweep(trials=2000)
        self.assertLess((folder / "report.html").stat().st_size, 2_500_000)
        took = self.run_script("""
            const {trials} = window.sweepChart;
            const start = performance.now();
            for (const low of [0.1, 0.3, 0.5]) trials.setFilter(0, [low, 1]);
            document.getElementById('parallel').querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1);
            return (performance.now() - start) / 3;""")
        self.assertLess(took, 2000)  # [ms] on two cores without a GPU; a filter is drawn anew in all charts


if __name__ == "__main__":
    run_in_browser()
