"""What the tests of a sweep's report share: folders of sweeps, opened in a browser."""
import functools
import pathlib
import shutil
import tempfile
import unittest

from selenium.webdriver import ActionChains

from report_browser import ReportTest
from sweep_folder import write_sweep


@functools.cache
def written(**options):
    """A folder that is written once; returns it and what sweep.json holds."""
    folder = pathlib.Path(tempfile.mkdtemp())
    unittest.addModuleCleanup(shutil.rmtree, folder)
    return folder / "sweep", write_sweep(folder / "sweep", **options)


class SweepReportTest(ReportTest):
    def sweep(self, name="sweep", **options):
        """Copies such a sweep here, opens its report; returns its folder and sweep.json."""
        source, sweep = written(**options)
        shutil.copytree(source, self.folder / name)
        self.ppo_train("report", name)
        self.show(name)
        return self.folder / name, sweep

    def show(self, name):
        self.open(self.folder / name / "report.html")
        self.expect_quiet()

    def trial_shown(self):
        return self.run_script("return document.getElementById('trial').textContent")

    def point(self, axis, position):
        """Where that is on the page's chart of parallel coordinates, from its middle."""
        return self.run_script("""
            const box = document.getElementById('parallel');
            box.scrollIntoView({block: 'center'});
            const [x, y] = window.sweepChart.at(...arguments);
            return [Math.round(x - box.clientWidth / 2), Math.round(y - box.clientHeight / 2)];""", axis, position)

    def brush(self, axis, start, end):
        box = self.by_css("#parallel")[0]
        chain = ActionChains(self.browser)
        chain.move_to_element_with_offset(box, *self.point(axis, start)).click_and_hold()
        chain.move_to_element_with_offset(box, *self.point(axis, (start + end) / 2))
        chain.move_to_element_with_offset(box, *self.point(axis, end)).release().perform()

    def passing(self):
        return self.run_script("return window.sweepChart.trials.sweep.numbers.filter((_, i) => window.sweepChart.trials.passes(i))")
