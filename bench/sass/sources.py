"""What an instruction belongs to: the function and the stage that its source line lies in."""
import re

from sass.listing import ROOT

STAGES = ('rollout', 'values', 'advantages', 'gradient', 'reduce', 'adam')


class Sources:
    """The text of the kernels and of the algorithm, by file as instructions name it."""

    def __init__(self, root=ROOT):
        files = [path for folder in ('kernels', 'include/ppo') for path in (root / folder).rglob('*.hpp')]
        self.lines = {str(path.relative_to(root)): path.read_text().split('\n') for path in files}
        self.known = {}

    def function(self, file, line):
        """The function that holds the line; None outside of ours."""
        if (file, line) not in self.known:
            self.known[file, line] = self.find(self.lines.get(file, [])[:line])
        return self.known[file, line]

    @staticmethod
    def find(lines):
        for text in reversed(lines):
            found = re.match(r'\s*(?:PPO_DEVICE|PPO_HD|PPO_KERNEL\(.*\)) .*?(\w+|operator[^\w(]+)\(', text)
            if found:
                return found.group(1)
        return None

    def text(self, file, line):
        lines = self.lines.get(file, [])
        return lines[line - 1] if 0 < line <= len(lines) else ''

    def matches(self, place, key):
        """Whether a (file, line) lies in the function `key`, "name" or "file.name", or holds that text."""
        if key.isidentifier():
            return self.function(*place) == key
        if re.fullmatch(r'\w+\.\w+', key):
            return place[0].endswith(f"/{key.split('.')[0]}.hpp") and self.function(*place) == key.split('.')[1]
        return key in self.text(*place)

    def know(self, key):
        """Whether any line matches `key`: if not, whoever names it is out of date."""
        if key.isidentifier() or re.fullmatch(r'\w+\.\w+', key):
            name = key.split('.')[-1]
            return any(re.search(rf'\b{name}\(', text) for lines in self.lines.values() for text in lines)
        return any(key in text for lines in self.lines.values() for text in lines)

    def functions(self, chain):
        """Of a chain of inlined calls, outwards."""
        return [function for function in (self.function(*place) for place in chain) if function]

    def stage(self, chain):
        """The stage whose file, or whose call in train.hpp, the outermost place lies in; None outside of all."""
        for file, line in reversed(chain):
            names = [file.removeprefix('kernels/').removesuffix('.hpp')] if file.startswith('kernels/') else []
            names += [self.function(file, line)] if file == 'kernels/train.hpp' else []
            stage = next((name for name in names if name in STAGES), None)
            if stage:
                return stage
        return None
