"""The report's page in a browser: its text, tables and films, on small screens, for everyone, and with hostile names."""
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree

from selenium.webdriver.common.by import By

from common import SHORT
from report_browser import EVALUATED, LONGER, ReportTest, run_in_browser

# A path: its slashes make folders of it, and a page that names the run by its path has it as it is.
HOSTILE = "a\"'<\u2028\u202e</script><script>window.broken=1</script>&amp;<img src=x onerror=window.broken=1>{{data}}\u00fc"


class ReportPageTest(ReportTest):
    def test_fits_a_phone(self):
        self.train(*LONGER, *EVALUATED, "--stop-at-return", "1e6")
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
        shutil.copytree(self.folder / HOSTILE, self.folder / "other" / HOSTILE)
        for runs in ((HOSTILE,), (HOSTILE, "other/" + HOSTILE)):  # named by the last part; by the path, since names must differ
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


if __name__ == "__main__":
    run_in_browser()
