"""The report's charts in the hands of a reader: zooming, moving, hiding runs and reading numbers, by mouse, keys and touch."""
import re

import numpy as np
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from common import read_csv
from report_browser import CONTRAST, DRAWN, EVALUATED, LONGER, WHOLE, ReportTest, run_in_browser


class ReportControlsTest(ReportTest):
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

    def test_hides_the_dots_of_a_hidden_run(self):
        self.train(*LONGER, *EVALUATED)
        self.train(*LONGER, *EVALUATED, "--seed", "7", name="other")
        self.report("run", "other")
        self.charts()
        visible = lambda: self.run_script("return window.reportCharts[0].graph.visibility()")
        readout = lambda: self.by_css(".readout")[0].text
        self.assertEqual(visible(), [True] * 5)
        self.assertIn("other, evaluation at 10,240 steps:", readout())
        self.by_css(".legend button")[1].click()
        self.assertEqual(visible(), [True, False, True, False, True])  # two lines, two times dots, solved
        self.assertNotIn("other", readout())
        self.assertIn("run, evaluation at 10,240 steps:", readout())
        self.by_css(".legend button")[1].click()
        self.assertEqual(visible(), [True] * 5)
        self.expect_quiet()

    def test_names_the_latest_evaluation(self):
        run = self.train(*LONGER, *EVALUATED)
        self.report("run")
        self.charts()
        plot = self.by_css(".plot")[0]
        spoken = lambda: self.by_css("#spoken")[0].get_attribute("textContent")
        self.assertRegex(self.by_css(".readout")[0].text, r"training: .*\s+evaluation at 10,240 steps: ")
        plot.send_keys(Keys.HOME)
        self.assertIn("evaluation –", spoken())
        plot.send_keys(*[Keys.ARROW_RIGHT] * 6)
        first = float(read_csv(run / "evals.csv")[0]["return_mean"])
        self.assertIn(f"evaluation at 1,792 steps: {first:.4g}", spoken())
        self.assertIn("at 1,792 steps", spoken())
        plot.send_keys(Keys.ARROW_RIGHT)
        self.assertIn("evaluation at 1,792 steps:", spoken())
        self.assertTrue(spoken().endswith("at 2,048 steps"), spoken())

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


if __name__ == "__main__":
    run_in_browser()
