"""The word vectors of the WordLlama package: a table of 32,000 pieces of words, 256 numbers each
(16 MB), and the tokenizer that takes words apart into them.

The two files are read directly: the package's own loader looks for the tokenizer in another folder
and then on the network. The table is mapped into memory, so that only what is looked up is read.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from bot.language.vectors import NO_VECTORS, Vectors

WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


@cache
def word_vectors() -> Vectors:
    """The vectors, read once; none where the package is not installed or has other files."""
    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        return NO_VECTORS
    home = Path(spec.origin).parent
    if not (home / WEIGHTS).is_file() or not (home / TOKENIZER).is_file():
        return NO_VECTORS
    table = _mapped(home / WEIGHTS)
    tokenizer = Tokenizer.from_file(str(home / TOKENIZER))
    tokenizer.no_padding()

    def take_apart(word: str) -> list[int]:
        return list(tokenizer.encode(word, add_special_tokens=False).ids)

    # A word that is one piece by itself was common in what the table was learnt from.
    return Vectors(table, take_apart, lambda word: tokenizer.token_to_id(f"▁{word}") is not None)


def _mapped(path: Path) -> np.ndarray:
    """The one table of a safetensors file (a length, a JSON header, then the numbers)."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    name = next(name for name in header if name != "__metadata__")
    kind = {"F16": np.float16, "F32": np.float32}[header[name]["dtype"]]
    start = 8 + length + header[name]["data_offsets"][0]
    # As a plain array: what a memmap does at each look-up costs more than the look-up.
    return np.asarray(np.memmap(path, kind, "r", offset=start, shape=tuple(header[name]["shape"])))
