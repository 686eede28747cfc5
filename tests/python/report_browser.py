"""What the tests of the report share: headless Chromium opens a page from its file, offline."""
import json
import re
import shutil
import sys
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from common import ProgramTest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
LONGER = ("--num-envs", "8", "--num-steps", "32", "--total-timesteps", "10240", "--max-episode-steps", "500")
EVALUATED = ("--eval-every", "7", "--eval-episodes", "4")  # after 7, 14, ..., 35 and 40 updates
WHOLE = [0, 1.01 * 10240]  # the steps of LONGER, with room for a dot at the end

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
        # Advice for DRAWN, which looks at pixels. And what Debian 13's dygraphs says of a line that ends within a zoom:
        # looking for its next point, it takes all rows of other lines along, and clips them.
        harmless = re.compile(r'willReadFrequently|"\d+ points out of X bounds:\d+ - \d+"$')
        said = [entry["message"] for entry in self.browser.get_log("browser")
                if not harmless.search(entry["message"])]
        self.assertEqual(said, [])
        asked = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        urls = [one["params"]["request"]["url"] for one in asked if one["method"] == "Network.requestWillBeSent"]
        files = [url for url in urls if not url.startswith("data:")]
        self.assertLessEqual(len(files), 1, files)
        for url in files:
            self.assertTrue(url.startswith("file:") and url.endswith(".html"), url)

    def by_css(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)


def run_in_browser():
    """Runs the tests of the script that calls this, or skips them (77) where there is no browser."""
    if not CHROMIUM or not DRIVER:
        print("There is no chromium or chromedriver")
        sys.exit(77)
    unittest.main()
