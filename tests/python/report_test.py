"""The report in a browser: headless Chromium opens the page from its file, offline, and does what a reader would do."""
import base64
import json
import re
import shutil
import sys
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from common import SHORT, ProgramTest, read_csv

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
LONGER = ("--num-envs", "8", "--num-steps", "32", "--total-timesteps", "10240", "--max-episode-steps", "500")
WHOLE = [0, 1.01 * 10240]  # the steps of LONGER, with room for a dot at the end
# A path: its slashes make folders of it, and a page that names the run by its path has it as it is.
HOSTILE = "a\"'<\u2028\u202e</script><script>window.broken=1</script>&amp;<img src=x onerror=window.broken=1>{{data}}\u00fc"

# Of metrics.csv, chart by chart; after them comes steps_per_s.
COLUMNS = ("return_mean", "loss_policy", "loss_value", "entropy", "approx_kl", "clip_fraction", "explained_variance",
           "grad_norm", "lr")

# What is drawn: rows, the range of steps, and how many pixels have about the colour of the line.
DRAWN = """
return window.reportCharts.map(chart => {
  const canvas = [...chart.graph.graphDiv.querySelectorAll('canvas')];
  const pixels = canvas.map(one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data);
  const stroke = chart.graph.getOption('color', 'run 0');
  const wanted = stroke.match(/\\d+/g).map(Number);
  let count = 0;
  for (const data of pixels)
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] > 128 && wanted.every((value, k) => Math.abs(data[i + k] - value) < 24)) ++count;
  return {rows: chart.graph.numRows(), range: chart.graph.xAxisRange(), stroke, pixels: count};
});
"""

# Contrast of the text that is seen, after WCAG 2: the worst one, and where.
CONTRAST = """
const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const rgba = text => text.match(/[\\d.]+/g).map(Number);
const background = element => {
  for (; element; element = element.parentElement) {
    const colour = rgba(getComputedStyle(element).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
let worst = [21, ''];
for (const element of document.querySelectorAll('body *')) {
  if (element.closest('script, noscript, svg') || !element.checkVisibility()) continue;
  if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
  const [a, b] = [luminance(rgba(getComputedStyle(element).color)), luminance(background(element))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < worst[0]) worst = [contrast, element.outerHTML.slice(0, 120)];
}
return worst;
"""


class ReportTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,1000"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        cls.browser = webdriver.Chrome(service=Service(DRIVER), options=options)
        cls.addClassCleanup(cls.browser.quit)
        cls.browser.set_page_load_timeout(60)

    def setUp(self):
        super().setUp()
        self.emulate()

    def emulate(self, width=1280, **features):
        """features: prefers_color_scheme="dark", ..."""
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 500})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})

    def report(self, *arguments):
        """Makes the report, opens it; returns what the charts have drawn once they have."""
        file = self.folder / self.ppo_train("report", *arguments).removeprefix("saved    ").rstrip("\n")
        self.open(file)
        self.expect_quiet()
        return file

    def open(self, file):
        self.browser.get_log("browser")
        self.browser.get_log("performance")
        self.browser.get(file.resolve().as_uri())

    def run_script(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def wait(self, condition):
        WebDriverWait(self.browser, 20).until(lambda _: condition())

    def charts(self):
        self.wait(lambda: self.run_script("return (window.reportCharts ?? []).length"))
        return self.run_script(DRAWN)

    def expect_quiet(self):
        """Nothing on the console, nothing asked of the network or of another file."""
        own = "willReadFrequently"  # advice for DRAWN, which looks at pixels
        said = [entry["message"] for entry in self.browser.get_log("browser") if own not in entry["message"]]
        self.assertEqual(said, [])
        asked = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        urls = [one["params"]["request"]["url"] for one in asked if one["method"] == "Network.requestWillBeSent"]
        files = [url for url in urls if not url.startswith("data:")]
        self.assertLessEqual(len(files), 1, files)
        for url in files:
            self.assertTrue(url.startswith("file:") and url.endswith(".html"), url)

    def by_css(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def drag_down(self, plot):
        (ActionChains(self.browser, duration=50).move_to_element_with_offset(plot, 0, -60).click_and_hold()
         .move_by_offset(0, 40).move_by_offset(0, 40).release().perform())

    def drag(self, plot, start, end):
        """Across the plot, from one share of its width to the other."""
        self.run_script("arguments[0].scrollIntoView({block: 'center'})", plot)
        width = plot.rect["width"]
        (ActionChains(self.browser, duration=50)
         .move_to_element_with_offset(plot, int(width * (start - 0.5)), 0).click_and_hold()
         .move_by_offset(int(width * (end - start)) // 2, 0).move_by_offset(int(width * (end - start)) // 2, 0)
         .release().perform())

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

    def test_zooms_all_charts_and_back(self):
        self.train(*LONGER)
        self.report("run")
        self.charts()
        ranges = lambda: [chart["range"] for chart in self.run_script(DRAWN)]
        plot = self.by_css(".plot")[0]
        self.drag(plot, 0.3, 0.6)
        self.wait(lambda: all(one != WHOLE for one in ranges()))
        (left, right), *others = ranges()
        self.assertTrue(all(one == [left, right] for one in others))
        self.assertTrue(1500 < left < 4500 and 4500 < right < 7500, (left, right))
        ActionChains(self.browser).double_click(plot).perform()
        self.wait(lambda: all(one == WHOLE for one in ranges()))
        self.drag(self.by_css(".plot")[3], 0.4, 0.8)
        self.wait(lambda: all(one != WHOLE for one in ranges()))
        self.by_css("#reset")[0].click()
        self.wait(lambda: all(one == WHOLE for one in ranges()))
        self.expect_quiet()

    def test_zooms_values_of_one_chart_and_back(self):
        self.train(*LONGER)
        self.report("run")
        self.charts()
        heights = lambda: self.run_script("return window.reportCharts.map(chart => chart.graph.yAxisRange())")
        whole = heights()
        reset = self.by_css("#reset")[0]
        plot = self.by_css(".plot")[0]
        for undo in (reset.click, lambda: plot.send_keys("0"), lambda: plot.send_keys(Keys.ESCAPE)):
            self.run_script("arguments[0].scrollIntoView({block: 'center'})", plot)
            self.assertFalse(reset.is_enabled())
            self.drag_down(plot)
            self.wait(lambda: heights()[0] != whole[0])
            self.assertEqual(heights()[1:], whole[1:])
            self.assertTrue(reset.is_enabled())
            undo()
            self.wait(lambda: heights() == whole)
        self.assertFalse(reset.is_enabled())

    def test_zooms_and_moves_by_buttons(self):
        self.train(*LONGER)
        self.emulate(width=390)
        self.browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
        self.addCleanup(self.browser.execute_cdp_cmd, "Emulation.setTouchEmulationEnabled", {"enabled": False})
        self.report("run")
        self.charts()
        self.assertIn("Tap a chart", self.by_css(".hint")[0].text)
        self.assertNotIn("Drag", self.by_css(".hint")[0].text)
        ranges = lambda: [chart["range"] for chart in self.run_script(DRAWN)]
        width = WHOLE[1]
        for name, expected in (("in", [0.25, 0.75]), ("on", [0.5, 1]), ("back", [0.25, 0.75]), ("in", [0.375, 0.625]),
                               ("out", [0.25, 0.75]), ("out", [0, 1])):
            self.by_css(f"[data-zoom={name}]")[0].click()
            for drawn in ranges():
                np.testing.assert_allclose(drawn, np.multiply(expected, width), err_msg=name)
        self.assertFalse(self.by_css("#reset")[0].is_enabled())
        for _ in range(30):
            self.by_css("[data-zoom=in]")[0].click()
        left, right = ranges()[0]
        self.assertAlmostEqual(right - left, 256)  # an update

    def test_draws_a_run_of_one_update(self):
        self.train("--num-envs", "8", "--num-steps", "128", "--total-timesteps", "1024")
        self.report("run")
        for chart in self.charts():
            self.assertEqual(chart["rows"], 1)
            self.assertEqual(chart["range"], [0, 1.01 * 1024])
            self.assertGreater(chart["pixels"], 10)
        self.assertIn("environment steps", self.by_css(".dygraph-xlabel")[0].text)

    def test_hides_and_shows_runs(self):
        self.train(*LONGER)
        self.train(*LONGER, "--lr", "3e-2", "--max-grad-norm", "1e9", name="other")
        self.report("run", "other")
        self.charts()
        heights = lambda: self.run_script("return window.reportCharts.map(chart => chart.graph.yAxisRange()[1])")
        both = heights()
        button = self.by_css(".legend button")[1]
        self.assertEqual((button.text, button.get_attribute("aria-pressed")), ("other", "true"))
        button.click()
        self.assertEqual(button.get_attribute("aria-pressed"), "false")
        alone = heights()
        self.assertTrue(all(one <= two for one, two in zip(alone, both)))
        self.assertLess(alone[8], both[8] / 10)  # lr
        self.assertNotIn("other", self.by_css(".readout")[0].text)
        contrast, where = self.run_script(CONTRAST)
        self.assertGreaterEqual(contrast, 4.5, where)
        self.by_css(".legend button")[0].click()  # none is left
        self.expect_quiet()
        button.click()
        self.by_css(".legend button")[0].click()
        self.assertEqual(heights(), both)
        self.assertIn("other", self.by_css(".readout")[0].text)

    def test_works_by_keyboard(self):
        self.train(*LONGER)
        self.report("run")
        self.charts()
        plot = self.by_css(".plot")[0]
        plot.send_keys(Keys.HOME, Keys.ARROW_RIGHT)
        self.assertIn("at 512 steps", self.by_css("#spoken")[0].get_attribute("textContent"))
        for readout in self.by_css(".readout"):
            self.assertIn("at 512 steps", readout.text)
        plot.send_keys("+")
        self.wait(lambda: self.run_script(DRAWN)[5]["range"] != WHOLE)
        plot.send_keys("0")
        self.wait(lambda: self.run_script(DRAWN)[5]["range"] == WHOLE)
        self.assertIn("at the end", self.by_css(".readout")[0].text)

    def test_shows_in_all_charts_what_the_mouse_points_at(self):
        self.train(*LONGER)
        self.report("run")
        self.charts()
        ActionChains(self.browser).move_to_element(self.by_css(".plot")[2]).perform()
        where = lambda: {re.search("at [0-9,]+ steps|at the end", readout.text)[0] for readout in self.by_css(".readout")}
        self.wait(lambda: "at the end" not in where())
        self.assertEqual(len(where()), 1)
        steps = int(re.sub("[^0-9]", "", where().pop()))
        self.assertTrue(4000 < steps < 7000, steps)
        ActionChains(self.browser).move_to_element(self.by_css("h1")[0]).perform()
        self.wait(lambda: where() == {"at the end"})

    def test_fits_a_phone(self):
        self.train(*LONGER)
        self.train(*SHORT, "--num-seeds", "3", name="several-agents-with-a-name-that-is-rather-long-for-a-small-screen")
        for runs in (("run",), ("run", "several-agents-with-a-name-that-is-rather-long-for-a-small-screen")):
            self.emulate(width=390)
            self.report(*runs)
            self.charts()
            self.assertEqual(self.run_script("return document.documentElement.scrollWidth"), 390)
            for plot in self.by_css(".plot"):
                self.assertGreater(plot.rect["width"], 250)
            for cell in self.by_css(".results tbody :is(th, td)"):
                self.assertLessEqual(cell.rect["x"] + cell.rect["width"], 390)
                self.assertGreater(cell.rect["height"], 0)

    def test_is_accessible(self):
        self.train(*SHORT)
        self.train(*SHORT, "--num-seeds", "3", name="several")
        self.report("run", "several")
        self.charts()
        self.run_script("for (const one of document.querySelectorAll('details')) one.open = true")
        levels = [int(heading.tag_name[1]) for heading in self.by_css("h1, h2, h3, h4")]
        self.assertEqual(levels.count(1), 1)
        self.assertTrue(all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels)
        for selector in ("main", "header", "footer", "html[lang=en]"):
            self.assertEqual(len(self.by_css(selector)), 1, selector)
        for image in self.by_css("img"):
            self.assertTrue(image.get_attribute("alt"))
        for plot in self.by_css(".plot"):
            self.assertEqual(plot.get_attribute("role"), "img")
            self.assertRegex(plot.get_attribute("aria-label"), r"Chart of .* run: from .* steps to .*; several: ")
        self.assertEqual([cell.get_attribute("outerHTML") for cell in self.by_css("th:not([scope])")], [])
        for element in self.by_css("button, section, [role=region]"):
            self.assertTrue(element.accessible_name, element.get_attribute("outerHTML"))
        self.assertEqual(self.by_css("[tabindex]:not([tabindex='0']):not([tabindex='-1'])"), [])
        identifiers = [element.get_attribute("id") for element in self.by_css("[id]")]
        self.assertEqual(len(identifiers), len(set(identifiers)))

    def test_films_keep_still_where_motion_is_not_wanted(self):
        self.train(*SHORT)
        types = lambda: self.run_script("return document.querySelector('.film img').currentSrc.slice(0, 14)")
        self.emulate(prefers_reduced_motion="reduce")
        self.report("run")
        self.wait(lambda: types() == "data:image/png")
        button = self.by_css(".film-toggle")[0]
        self.assertEqual(button.text, "Film")
        button.click()
        self.wait(lambda: types() == "data:image/gif")
        self.emulate(prefers_reduced_motion="no-preference")
        self.report("run")
        self.wait(lambda: types() == "data:image/gif")
        button = self.by_css(".film-toggle")[0]
        self.assertEqual(button.text, "Still")
        button.click()
        self.wait(lambda: types() == "data:image/png")
        self.wait(lambda: self.run_script("return document.querySelector('.film img').naturalWidth") > 0)

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
        self.by_css("[data-runs=none]")[0].click()
        self.assertEqual({button.get_attribute("aria-pressed") for button in self.by_css(".legend button")}, {"false"})
        self.by_css("[data-runs=all]")[0].click()
        self.assertEqual({button.get_attribute("aria-pressed") for button in self.by_css(".legend button")}, {"true"})
        self.expect_quiet()

    def test_of_a_population_sorts_its_agents(self):
        run = self.train(*LONGER, "--num-seeds", "5")
        self.report("run")
        self.charts()
        agents = json.loads((run / "run.json").read_text())["agents"]
        cells = lambda: [row.find_elements(By.CSS_SELECTOR, "th, td")[0].text for row in self.by_css(".sortable tbody tr")]
        self.assertEqual(cells(), ["0", "1", "2", "3", "4"])
        button = self.by_css(".sortable .sort")[1]
        button.click()
        rising = sorted(range(5), key=lambda k: agents[k]["return_100"])
        self.assertEqual(cells(), [str(k) for k in rising])
        button.click()
        self.assertEqual(cells(), [str(k) for k in reversed(rising)])
        self.assertIn(f"agent {rising[2]}, the one with the median", self.by_css(".film figcaption")[0].text)

    def test_of_a_diverged_run_says_so(self):
        self.ppo_train("train", *SHORT, "--lr", "1", "--max-grad-norm", "1e30", "--vf-coef", "1e30", "--quiet", "--out", "run",
                       exit_code=4)
        self.report("run")
        self.charts()
        self.assertIn("diverged after 1 of 6 updates", self.by_css(".notice")[0].text)
        self.assertEqual(self.by_css(".film"), [])

    def test_without_an_update_is_quiet(self):
        run = self.train(*SHORT)
        (run / "run.json").unlink()
        for name in ("metrics.csv", "timing.csv"):
            head = (run / name).read_text().splitlines()[0]
            (run / name).write_text(head + "\n")
        self.report("run")
        self.assertEqual(self.by_css(".plot"), [])

    def test_a_hostile_name_stays_text(self):
        (self.folder / HOSTILE).parent.mkdir(parents=True)
        self.train(*SHORT, name=HOSTILE)
        for runs in ((HOSTILE,), (HOSTILE, HOSTILE)):  # named by the last part; by the path, since names must differ
            self.ppo_train("report", *runs, "--out", "page.html")
            self.open(self.folder / "page.html")
            self.charts()
            self.expect_quiet()
            self.assertIsNone(self.run_script("return window.broken ?? null"))
            self.assertIn("onerror=window.broken=1>{{data}}\u00fc", self.by_css("h1")[0].text)
            page = (self.folder / "page.html").read_text()
            self.assertEqual(len(re.findall("<script", page)), 3)  # the data, dygraphs, the page's own
            self.ppo_train("report", *runs, "--svg", "--out", "still.svg")
            ElementTree.parse(self.folder / "still.svg")
        self.assertIn("</script><script>window.broken=1</script>", self.by_css("h1")[0].text)
        self.assertIn("</script><script>window.broken=1</script>", self.by_css(".readout")[0].text)

    def test_names_nothing_to_load(self):
        self.train(*SHORT)
        page = self.report("run").read_text()
        markup = re.sub("<script.*?</script>", "", page, flags=re.S)
        targets = re.findall("(?:src|href|srcset|action)=\"([^\"]*)", markup)
        self.assertGreaterEqual(len(targets), 3)
        self.assertEqual([target for target in targets if not target.startswith(("data:", "#"))], [])
        self.assertNotRegex(page, r"url\(|@import|sourceMappingURL|fetch\(")
        self.assertIn("default-src 'none'", page)
        self.assertIn("Permission is hereby granted", page)  # dygraphs' licence

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
    if not CHROMIUM or not DRIVER:
        print("There is no chromium or chromedriver")
        sys.exit(77)
    unittest.main()
