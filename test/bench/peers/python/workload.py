"""The cases as `test/bench/networks.ts` has them, and how a peer's run is timed."""

import math
import time

import numpy as np

MEAN_DECAY, SQUARE_DECAY, ADAM_EPS, NORM_EPS = 0.9, 0.999, 1e-8, 1e-5
CHECKING_RATE, TIMING_RATE, CHECKED_STEPS = 1e-3, 1e-6, 3

# A sample lasts at least so many seconds, or is one run.
SAMPLE = 0.02


class Unsupported(Exception):
    """There is no such op: nothing is wrong."""


class Inputs:
    """A case with its numbers."""

    def __init__(self, task):
        self.workload, self.dtype, labels = task["workload"], task["dtype"], task["labels"]
        flat = np.fromfile(task["file"], dtype=self.dtype)
        self.arrays, offset = {}, 0
        for array in task["arrays"]:
            size = math.prod(array["shape"])
            self.arrays[array["name"]] = flat[offset : offset + size].reshape(array["shape"]).copy()
            offset += size
        self.labels = None if labels is None else np.array(labels, dtype=np.int64)
        self.is_norm = self.workload in ("W1", "W2")
        self.is_fused = self.workload in ("W2", "W3f", "W4f")

    @property
    def norm(self):
        return [self.arrays[name] for name in ("x", "gamma", "beta", "dy")]

    @property
    def x(self):
        return self.arrays["x"]

    @property
    def parameters(self):
        return {name: array for name, array in self.arrays.items() if name != "x"}


class PreparedNorm:
    """compute() gives dx, dgamma, dbeta, done; read() makes NumPy's arrays of them."""

    def __init__(self, compute, read=lambda found: found):
        self.run, self.read = compute, read

    def check(self):
        start = time.perf_counter()
        found = self.run()
        first = time.perf_counter() - start
        return first, list(zip(("dx", "dgamma", "dbeta"), self.read(found)))


class PreparedTraining:
    """Checked are losses and the first gradients, by Adam's mean; timed are steps too small to learn anything."""

    def __init__(self, names, trainer_at):
        self.names, self.trainer_at, self.timed = names, trainer_at, None

    def run(self):
        self.timed.step()

    def check(self):
        trainer = self.trainer_at(CHECKING_RATE)
        start = time.perf_counter()
        losses = [trainer.step()]
        first = time.perf_counter() - start
        gradients = [np.asarray(m, dtype=np.float64) / (1 - MEAN_DECAY) for m in trainer.means()]
        while len(losses) < CHECKED_STEPS:
            losses.append(trainer.step())
        self.timed = self.trainer_at(TIMING_RATE)
        named = [(f"d{name}", gradient) for name, gradient in zip(self.names, gradients)]
        return first, named + [("losses", np.array(losses))]


def sampled(run, seconds):
    """Seconds a run, one figure for each sample; there is always one."""
    once = timed(run, 1)
    if once > seconds:
        return [once]
    count, samples, end = max(1, math.ceil(SAMPLE / once)), [], time.perf_counter() + seconds
    while not samples or time.perf_counter() < end:
        each = timed(run, count)
        if each * count < SAMPLE / 2:
            count *= 2
        else:
            samples.append(each)
    return samples


def timed(run, count):
    start = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - start) / count
