"""`python -m benchmarks.kill`: exit 1 if anything was lost, done twice or otherwise wrong."""

import argparse
import sys
from collections import Counter

from benchmarks import kill, telegrams

TELEGRAM = "telegram"


def main() -> int:
    usual = kill.Plan()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill", description=__doc__)
    parser.add_argument("--only", choices=[*kill.HOUSES, TELEGRAM], help="one of the ways in")
    for name, value in vars(usual).items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"{value} if not said")
    asked = vars(parser.parse_args())
    only = asked.pop("only")
    if only == TELEGRAM:
        return telegrams.killed()
    which = [only] if only else list(kill.HOUSES)
    found = {name: kill.kill(name, kill.Plan(**asked)) for name in which}
    print(kill.table(found).markdown())
    for name, figures in found.items():
        for fault, times in Counter(figures.faults).most_common(20):
            print(f"{name}: {fault} ({times} times)")
    good = all(figures.good for figures in found.values())
    return (0 if good else 1) if only else max(0 if good else 1, telegrams.killed())


if __name__ == "__main__":
    sys.exit(main())
