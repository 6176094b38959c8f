"""Speed, side by side with what people use today.

Each benchmark is one file here with a function `measure(rounds) -> Table`; `python -m benchmarks`
finds it, runs it and writes its table into README.md.
"""
