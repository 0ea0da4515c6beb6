"""The process of one system: `python peer.py NAME` reads requests from standard input, and answers on standard output.

`python peer.py` says which modules there are.
"""

import importlib
import importlib.util
import json
import os
import platform
import resource
import sys

MARK = "@wengert "
MODULES = {"numpy": "numpy_peer", "jax": "jax_peer", "torch": "torch_peer", "torch-compile": "torch_peer"}


def found():
    """Versions of what is installed; loading the modules themselves would take long."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for name in ("numpy", "jax", "torch"):
        try:
            if importlib.util.find_spec(name) is not None:
                versions[name] = version(name)
        except (PackageNotFoundError, ValueError):
            pass
    return versions


class Peer:
    def __init__(self, name):
        # Loaded at the first request: what fails is then told as an answer.
        self.name, self.system, self.prepared = name, None, None

    def answer(self, request):
        import numpy as np
        import workload

        if self.system is None:
            self.system = importlib.import_module(MODULES[self.name]).system(self.name)
        if request["do"] == "hello":
            return {"versions": {**self.system.versions, "python": platform.python_version()}}
        if request["do"] == "prepare":
            self.prepared = None
            prepared = self.system.prepare(workload.Inputs(request["task"]))
            first, results = prepared.check()
            arrays = [np.asarray(values, dtype=np.float64).ravel() for _, values in results]
            np.concatenate(arrays).tofile(request["task"]["results"])
            self.prepared = prepared
            sizes = [{"name": name, "size": array.size} for (name, _), array in zip(results, arrays)]
            return {"firstMs": 1000 * first, "results": sizes}
        if request["do"] == "run":
            return {"samples": workload.sampled(self.prepared.run, request["seconds"])}
        self.prepared = None
        # Kilobytes on Linux, bytes on macOS.
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}

    def serve(self, lines, out):
        for line in lines:
            try:
                answer = {"ok": True, **self.answer(json.loads(line))}
            except Exception as error:
                is_unsupported = type(error).__name__ == "Unsupported"
                kind = "unsupported" if is_unsupported else "failed"
                why = str(error) if is_unsupported else f"{type(error).__name__}: {error}"
                answer = {"ok": False, "kind": kind, "why": why[:500]}
            out.write(f"{MARK}{json.dumps(answer)}\n")
            out.flush()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(MARK + json.dumps(found()))
    else:
        # What libraries print is not for the bench.
        out = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        Peer(sys.argv[1]).serve(sys.stdin, out)
