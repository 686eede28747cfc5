"""What compare.py makes of its result: two Markdown tables."""


def whole_steps(config):
    """As trained: whole updates only."""
    batch = config["num_envs"] * config["num_steps"]
    return config["total_timesteps"] // batch * batch


def place(result):
    machine = result["machine"]
    return f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}"


def times_ours(record, quantity, inverse=False):
    """"1" for ours itself, nothing where there is no pair of runs."""
    if record["key"].startswith("ppo_train"):
        return "1"
    ratio = record.get("over_ours", {}).get(quantity)
    if not ratio:
        return ""
    return f"{1 / ratio['median'] if inverse else ratio['median']:,.1f}"


def with_range(values, digits):
    """The median and, in brackets, the least and the greatest."""
    shown = {key: "not reached" if value is None else f"{value:,.{digits}f}" for key, value in values.items()}
    return f"{shown['median']} ({shown['min']} to {shown['max']})"


def not_run(record, columns):
    """The cells of a row without numbers, None for one that has them."""
    if record["error"]:
        reason = f"failed: {record['error'].replace('|', '/')}"
    elif record["cannot"]:
        reason = f"- ({record['cannot']})"
    elif "summary" not in record:
        reason = "-"
    else:
        return None
    return [record["name"], record["setting"] or "", reason, *[""] * (columns - 3)]


# --- Speed ---

def speed_head(config):
    return ["", "uses", "steps/s", "× ours", f"seconds for {whole_steps(config):,} steps", "× ours",
            "peak memory [MiB]", "mean return at the end"]


def speed_cells(record):
    summary = record["summary"]
    score = summary["return_mean"]
    return [record["name"], record["setting"], f"{summary['steps_per_second']['median']:,.0f}",
            times_ours(record, "steps_per_second", inverse=True), with_range(summary["wall_s"], 2),
            times_ours(record, "wall_s"), f"{summary['peak_rss_mib']['median']:,.0f}",
            f"{score['median']:.0f}" if score else "-"]


# --- Time to 475 ---

SOLVE_HEAD = ["", "uses", "steps to 475", "seconds to 475", "× ours", "reached", "seconds, start to exit"]


def solve_cells(record):
    summary = record["summary"]
    return [record["name"], record["setting"], with_range(summary["solved_at_step"], 0),
            with_range(summary["solved_s"], 2), times_ours(record, "solved_s"),
            f"{summary['solved_runs']} of {len(record['runs'])}", f"{summary['wall_s']['median']:.2f}"]


# --- Both ---

def table(head, cells, records):
    rows = [head, ["---"] * len(head)]
    rows += [not_run(record, len(head)) or cells(record) for record in records]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def count_rounds(number):
    return f"{number} round{'s' if number > 1 else ''}"


def markdown(result):
    """The tables, with lines on what was measured where."""
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items() if version)
    left_out = "".join(f" Left out: {name}." for name in result["left_out"])
    text = (f"{table(speed_head(result['config']), speed_cells, result['contenders'])}\n"
            f"Medians of {count_rounds(result['rounds'])} on {place(result)}, {result['date'][:10]}; "
            f"{result['ours']['version']} ({result['ours']['commit']}), {versions}.{left_out} "
            "× ours: time per step, and seconds, over those of the run of ppo_train right before, "
            "with as many seeds. Rows of several seeds train that many times the steps.\n")
    solve = result["to_475"]
    if not solve["rounds"]:
        return text
    return text + (f"\nTime to 475, `--config cartpole-v1`:\n\n"
                   f"{table(SOLVE_HEAD, solve_cells, solve['contenders'])}\n"
                   f"Medians (least to greatest) of {count_rounds(solve['rounds'])}. Seconds from the start of the "
                   "process. × ours: seconds over those of the run of ppo_train right before, where both reached "
                   "475. Several seeds: when the last of them has.\n")
