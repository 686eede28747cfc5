"""What the Markdown tables of scripts/gpu_check are made of."""


def rows(*lines):
    """A table: a heading, and lines of cells."""
    heading, *rest = lines
    return ['', '| ' + ' | '.join(heading) + ' |', '| ' + ' | '.join('---' for _ in heading) + ' |',
            *('| ' + ' | '.join(str(cell).replace('|', '/') for cell in line) + ' |' for line in rest)]


def figures_of(record, name):
    """Of the step of that name, if it passed."""
    return next((step['figures'] for step in record['steps'] if step['name'] == name and 'figures' in step), None)


def all_figures(record, start):
    """[(the rest of the name, figures)] of the steps whose names start so, if they passed."""
    return [(step['name'][len(start):], step['figures']) for step in record['steps']
            if step['name'].startswith(start) and 'figures' in step]
