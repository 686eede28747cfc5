"""The report's charts in a browser: what they draw, of how many runs or agents, and in which colours."""
import base64
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from common import SHORT, read_csv
from report_browser import CONTRAST, EVALUATED, LONGER, WHOLE, ReportTest, run_in_browser

# Of metrics.csv, chart by chart; after them comes steps_per_s.
COLUMNS = ("return_mean", "loss_policy", "loss_value", "entropy", "approx_kl", "clip_fraction", "explained_variance",
           "grad_norm", "lr")


class ReportChartsTest(ReportTest):
    def test_draws_all_curves_in_both_schemes(self):
        self.train(*LONGER)
        strokes = set()
        for scheme in ("light", "dark"):
            with self.subTest(scheme):
                self.emulate(prefers_color_scheme=scheme)
                self.report("run")
                charts = self.charts()
                self.assertEqual(len(charts), 10)
                for chart in charts:
                    self.assertEqual(chart["rows"], 40)
                    self.assertEqual(chart["range"], WHOLE)
                    self.assertGreater(chart["pixels"], 100, chart)
                strokes.add(charts[0]["stroke"])
                contrast, where = self.run_script(CONTRAST)
                self.assertGreaterEqual(contrast, 4.5, where)
        self.assertEqual(len(strokes), 2)

    def test_follows_its_own_switch_of_scheme(self):
        self.train(*SHORT)
        self.emulate(prefers_color_scheme="light")
        self.report("run")
        self.charts()
        switch = self.by_css("#theme")[0]
        backgrounds, strokes = [], []
        for _ in range(3):  # light, dark, as the system
            switch.click()
            backgrounds.append(self.run_script("return getComputedStyle(document.body).backgroundColor"))
            strokes.append(self.charts()[0]["stroke"])
        self.assertNotEqual(backgrounds[0], backgrounds[1])
        self.assertEqual(backgrounds[0], backgrounds[2])
        self.assertNotEqual(strokes[0], strokes[1])
        self.assertEqual(strokes[0], strokes[2])

    def expect_drawn(self, chart, steps, numbers):
        """The chart of that number: `numbers` [steps][low, middle, high], NaN where there are none."""
        drawn = self.run_script("return window.reportCharts[arguments[0]].rows.map(row => [row[0], row[1]])", chart)
        self.assertEqual([x for x, _ in drawn], steps)
        drawn = [triple or [np.nan] * 3 for _, triple in drawn]
        np.testing.assert_allclose(drawn, numbers, rtol=1e-5, err_msg=str(chart))

    def test_draws_the_numbers_of_the_csv_files(self):
        run = self.train(*LONGER)
        self.report("run")
        self.charts()
        rows = read_csv(run / "metrics.csv")
        steps = [int(row["steps"]) for row in rows]
        values = lambda column: [float(row[column] or "nan") for row in rows]
        for chart, column in enumerate(COLUMNS):
            band = ["return_min", column, "return_max"] if column == "return_mean" and "return_min" in rows[0] else [column] * 3
            self.expect_drawn(chart, steps, np.transpose([values(one) for one in band]))
        rates = [float(row["steps_per_s"]) for row in read_csv(run / "timing.csv")]
        self.expect_drawn(len(COLUMNS), steps, np.transpose([rates] * 3))

    def test_draws_median_and_quartiles_of_a_population(self):
        run = self.train(*LONGER, "--num-seeds", "6")
        self.report("run")
        self.charts()
        rows = read_csv(run / "metrics.csv")
        steps = [int(row["steps"]) for row in rows if row["agent"] == "0"]
        for chart, column in enumerate(COLUMNS):
            values = np.reshape([float(row[column] or "nan") for row in rows], (len(steps), 6))
            some = ~np.isnan(values).all(axis=1)
            quartiles = np.full((len(steps), 3), np.nan)
            quartiles[some] = np.nanquantile(values[some], [0.25, 0.5, 0.75], axis=1).T
            self.expect_drawn(chart, steps, quartiles)

    def expect_dots(self, rows, label="evaluation 0"):
        """The chart of the return has a dot with the line's colour at each of `rows` [steps, low, middle, high]."""
        dots = self.run_script("""
            const [label] = arguments;
            const chart = window.reportCharts[0];
            const i = chart.series.findIndex(one => one.label === label);
            const canvas = chart.graph.graphDiv.querySelectorAll('canvas')[0];
            const scale = canvas.width / canvas.clientWidth;
            const pixel = (x, y) => [...canvas.getContext('2d').getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1).data];
            return chart.rows.filter(row => row[i + 1]).map(row => {
              const [x, y] = [chart.graph.toDomXCoord(row[0]), chart.graph.toDomYCoord(row[i + 1][1])];
              return {row: [row[0], ...row[i + 1]], pixel: pixel(x, y), colour: chart.graph.getOption('color', label)};
            });""", label)
        np.testing.assert_allclose([dot["row"] for dot in dots], rows, rtol=1e-5)
        for dot in dots:
            wanted = [int(number) for number in re.findall(r"\d+", dot["colour"])][:3]
            np.testing.assert_allclose(dot["pixel"][:3], wanted, atol=24, err_msg=str(dot))

    def test_draws_evaluations_as_dots(self):
        run = self.train(*LONGER, *EVALUATED)
        rows = read_csv(run / "evals.csv")
        numbers = [[float(row[column]) for column in ("steps", "return_min", "return_mean", "return_max")] for row in rows]
        self.assertEqual(len(numbers), 6)  # the end, too
        for scheme in ("light", "dark"):
            with self.subTest(scheme):
                self.emulate(prefers_color_scheme=scheme)
                self.report("run")
                self.assertEqual(self.charts()[0]["rows"], 40)
                self.expect_dots(numbers)
                self.expect_quiet()
        self.assertEqual([chart["label"] for chart in self.run_script(
            "return window.reportCharts[1].series.map(one => ({label: one.label}))")], ["run 0"])

    def test_draws_dots_of_the_median_agent(self):
        run = self.train(*LONGER, *EVALUATED, "--num-seeds", "5")
        rows = read_csv(run / "evals.csv")
        means = np.reshape([float(row["return_mean"]) for row in rows], (-1, 5))
        steps = [float(row["steps"]) for row in rows if row["agent"] == "0"]
        self.report("run")
        self.charts()
        self.expect_dots(np.column_stack([steps, np.quantile(means, [0.25, 0.5, 0.75], axis=1).T]))

    def test_draws_dots_only_of_runs_that_are_evaluated(self):
        self.train(*LONGER, name="plain")
        run = self.train(*LONGER, *EVALUATED, "--seed", "7")
        self.report("plain", "run")
        self.charts()
        labels = self.run_script("return window.reportCharts[0].series.map(one => one.label)")
        self.assertEqual(labels, ["run 0", "run 1", "evaluation 1", "solved 0"])
        rows = read_csv(run / "evals.csv")
        self.expect_dots([[float(row[column]) for column in ("steps", "return_min", "return_mean", "return_max")] for row in rows],
                         "evaluation 1")

    def test_draws_a_run_of_one_update(self):
        self.train("--num-envs", "8", "--num-steps", "128", "--total-timesteps", "1024")
        self.report("run")
        for chart in self.charts():
            self.assertEqual(chart["rows"], 1)
            self.assertEqual(chart["range"], [0, 1.01 * 1024])
            self.assertGreater(chart["pixels"], 10)
        self.assertIn("environment steps", self.by_css(".dygraph-xlabel")[0].text)

    def test_several_runs_differ_by_colour_and_dash(self):
        names = [f"run{i}" for i in range(7)]
        for i, name in enumerate(names):
            self.train(*SHORT, "--seed", i, name=name)
        self.report(*names)
        charts = self.charts()
        self.assertEqual(charts[0]["rows"], 6)
        lines = self.run_script("""
            const graph = window.reportCharts[1].graph;
            return graph.getLabels().slice(1).map(name => graph.getOption('color', name) + graph.getOption('strokePattern', name));""")
        self.assertEqual(len(set(lines)), 7)
        self.assertEqual(self.by_css("h1")[0].text, "7 runs")
        self.assertEqual([button.text for button in self.by_css(".legend button")], names)
        self.assertEqual(len(self.by_css(".film")), 4)
        rows = [row.text for row in self.by_css(".config tbody tr")]
        self.assertEqual(rows[0], "Different between the runs")
        self.assertTrue(rows[1].startswith("seed"), rows[1])
        # Above a chart is the run that is pointed at.
        shown = lambda number: [item.text for item in self.by_css(".readout")[number].find_elements(By.TAG_NAME, "li") if item.text]
        self.assertEqual(shown(3), [])
        plot = self.by_css(".plot")[3]
        ActionChains(self.browser).move_to_element_with_offset(plot, 40, -40).perform()
        self.wait(lambda: len(shown(3)) == 2)
        self.assertEqual(shown(3)[0].split()[0], shown(5)[0].split()[0])
        self.assertIn(shown(3)[0].split()[0], names)
        none = self.by_css("[data-runs=none]")[0]
        self.run_script("arguments[0].scrollIntoView({block: 'center'})", none)  # not below the zoom buttons, which stay
        none.click()
        self.assertEqual({button.get_attribute("aria-pressed") for button in self.by_css(".legend button")}, {"false"})
        self.by_css("[data-runs=all]")[0].click()
        self.assertEqual({button.get_attribute("aria-pressed") for button in self.by_css(".legend button")}, {"true"})
        self.expect_quiet()

    def test_still_is_an_svg_that_draws_in_both_schemes(self):
        self.train(*LONGER)
        self.train(*SHORT, "--num-seeds", "3", name="several")
        self.ppo_train("report", "run", "several", "--svg")
        root = ElementTree.parse(self.folder / "return.svg").getroot()
        space = "{http://www.w3.org/2000/svg}"
        self.assertEqual(root.tag, space + "svg")
        texts = [text.text for text in root.iter(space + "text")]
        for text in ("run", "several", "environment steps of one agent", "solved: 475"):
            self.assertIn(text, texts)
        self.assertTrue([line for line in root.iter(space + "line") if line.get("class") == "threshold"])
        (self.folder / "page.html").write_text('<body style="margin:0"><img src="return.svg">')
        shots = set()
        for scheme in ("light", "dark"):
            self.emulate(prefers_color_scheme=scheme)
            self.open(self.folder / "page.html")
            self.wait(lambda: self.run_script("return document.querySelector('img').naturalWidth") == 760)
            shots.add(base64.b64decode(self.browser.get_screenshot_as_base64()))
        self.assertEqual(len(shots), 2)
        self.assertEqual(self.browser.get_log("browser"), [])


if __name__ == "__main__":
    run_in_browser()
