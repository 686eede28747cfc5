"""An SVG bar chart of compare.py's result: the speed and the seconds of those that train one agent."""
import math
from xml.sax.saxutils import escape

from report import place, whole_steps

OURS, OTHERS, INK, FAINT = "#2563eb", "#94a3b8", "#1e293b", "#e2e8f0"
WIDTH, LABELS, PANEL, TOP, ROW = 900, 180, 260, 90, 34


def text(x, y, content, size=13, anchor="start", colour=INK, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
            f'font-weight="{weight}">{escape(content)}</text>')


def log_scale(values):
    """Decades that hold all values, the smallest with some room below it; and the map to 0 ... 1."""
    low = math.floor(math.log10(min(values) / 1.5))
    high = math.ceil(math.log10(max(values)))
    return range(low, high + 1), lambda value: (math.log10(value) - low) / (high - low)


def panel(left, title, records, key, label):
    """Horizontal bars of the medians of one quantity."""
    values = [record["summary"][key]["median"] for record in records]
    decades, position = log_scale(values)
    bottom = TOP + ROW * len(records)
    parts = [text(left, TOP - 22, title, weight="600")]
    for decade in decades:
        x = left + PANEL * position(10.0**decade)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{bottom}" stroke="{FAINT}"/>')
        parts.append(text(x, bottom + 16, f"{10.0**decade:,g}" if decade < 5 else f"{10**decade:,}", 11, "middle"))
    for row, (record, value) in enumerate(zip(records, values)):
        y = TOP + ROW * row
        colour = OURS if record["key"] == "ppo_train" else OTHERS
        length = PANEL * position(value)
        parts.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{ROW - 12}" rx="3" fill="{colour}"/>')
        parts.append(text(left + length + 6, y + 16, label(value), 12))
    return parts


def svg(result):
    """Medians of those that ran to the end; a solid background, so that it reads on any page."""
    records = [record for record in result["contenders"] if "summary" in record and record["seeds"] == 1]
    height = TOP + ROW * len(records) + 52
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
             f'viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif">',
             f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#ffffff"/>',
             text(20, 32, f"PPO on CartPole, {whole_steps(result['config']):,} steps", 17, weight="600")]
    for row, record in enumerate(records):
        parts.append(text(LABELS - 8, TOP + ROW * row + 16, record["name"], anchor="end"))
    if records:
        parts += panel(LABELS, "Steps/s while training, log scale", records, "steps_per_second", "{:,.0f}".format)
        parts += panel(LABELS + PANEL + 110, "Seconds from start to exit, log scale", records, "wall_s",
                       "{:.2f}".format)
    parts.append(text(20, height - 12, f"{place(result)}; {result['date'][:10]}", 11, colour="#64748b"))
    return "\n".join(parts) + "\n</svg>\n"
