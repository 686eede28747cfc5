"""What the Markdown tables of scripts/gpu_check are made of."""


def rows(*lines):
    """A table: a heading, and lines of cells."""
    heading, *rest = lines
    return ['', '| ' + ' | '.join(heading) + ' |', '| ' + ' | '.join('---' for _ in heading) + ' |',
            *('| ' + ' | '.join(str(cell).replace('|', '/') for cell in line) + ' |' for line in rest)]


def all_figures(record, start, results=('passed',)):
    """[(the rest of the name, figures)] of the steps whose names start so, if they ended so."""
    return [(step['name'][len(start):], step['figures']) for step in record['steps']
            if step['name'].startswith(start) and step['result'] in results and 'figures' in step]


def figures_of(record, name):
    """Of the step of that name, if it passed."""
    return dict(all_figures(record, name)).get('')
