"""`python -m benchmarks`: run them all, or those named, and write their tables into README.md."""

import argparse
import importlib
import pkgutil
from pathlib import Path

from benchmarks import report


def found() -> list[str]:
    """Every module here that measures something."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return [name for name in names if not name.startswith("_") and name != "report"]


def main() -> None:
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in found()}
    benchmarks = {name: m.measure for name, m in modules.items() if hasattr(m, "measure")}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(benchmarks))
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--show", action="store_true", help="print only; README.md stays as it is")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(benchmarks)):
        parser.error(f"there is no {', '.join(unknown)}; there is {', '.join(benchmarks)}")
    for name in asked.names or benchmarks:
        table = benchmarks[name](asked.rounds)
        print(f"\n{table.markdown()}\n", flush=True)
        if not asked.show:
            report.write(table)
    print(report.machine())


if __name__ == "__main__":
    main()
