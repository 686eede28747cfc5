#!/usr/bin/env python3
"""Times a run as its user sees it: seconds from the process's start to the first row of metrics, and to its end.

    gpu_wall.py RUN_FOLDER COMMAND...       prints {"first_row_s": ..., "end_s": ...}; exits as the command does
"""
import json
import pathlib
import subprocess
import sys
import time

import gpu_process

LOOK_S = 0.0005


def has_row(metrics):
    try:
        return metrics.read_bytes().count(b'\n') > 1  # a heading, and a row
    except FileNotFoundError:
        return False


def main():
    metrics = pathlib.Path(sys.argv[1]) / 'metrics.csv'
    begin = time.perf_counter()
    process = subprocess.Popen(sys.argv[2:], preexec_fn=gpu_process.die_with_parent)  # in our process group
    while process.poll() is None and not has_row(metrics):
        time.sleep(LOOK_S)
    first_row = time.perf_counter() - begin
    exit_code = process.wait()
    end = time.perf_counter() - begin
    if exit_code == 0 and not has_row(metrics):
        print(f'{metrics} has no row')
        return 1
    print(json.dumps({'first_row_s': first_row, 'end_s': end}))
    return exit_code


if __name__ == '__main__':
    sys.exit(main())
