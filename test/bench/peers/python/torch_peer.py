"""PyTorch: eager, or through torch.compile. Adam is its own, fused where that exists for the CPU."""

import torch
import torch.nn.functional as F
from workload import ADAM_EPS, MEAN_DECAY, NORM_EPS, SQUARE_DECAY, PreparedNorm, PreparedTraining, Unsupported

torch.set_num_threads(1)


def system(name):
    return System(is_compiled=name == "torch-compile")


class System:
    versions = {"torch": torch.__version__}

    def __init__(self, is_compiled):
        self.is_compiled = is_compiled

    def maybe_compiled(self, f):
        return torch.compile(f) if self.is_compiled else f

    def prepare(self, inputs):
        if self.is_compiled:
            if not hasattr(torch, "compile"):
                raise Unsupported("this PyTorch is older than torch.compile (2.0)")
            # Compiled for the shapes of this case alone: what was compiled for others would make them dynamic.
            torch._dynamo.reset()
        norm = fused if inputs.is_fused else composed
        if not inputs.is_norm:
            return PreparedTraining(list(inputs.parameters), lambda rate: Trainer(self, inputs, norm, rate))
        x, gamma, beta, dy = [torch.from_numpy(array) for array in inputs.norm]
        for leaf in (x, gamma, beta):
            leaf.requires_grad_()
        forward = self.maybe_compiled(norm)
        return PreparedNorm(
            lambda: torch.autograd.grad(forward(x, gamma, beta), (x, gamma, beta), dy),
            lambda found: [t.numpy() for t in found],
        )


def composed(x, gamma, beta):
    centred = x - x.mean(0)
    sigma = torch.sqrt(torch.square(centred).mean(0) + NORM_EPS)
    return gamma * (centred / sigma) + beta


def fused(x, gamma, beta):
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=NORM_EPS)


def adam(params, rate):
    settings = {"lr": rate, "betas": (MEAN_DECAY, SQUARE_DECAY), "eps": ADAM_EPS}
    try:
        return torch.optim.Adam(params, fused=True, **settings)
    except (TypeError, RuntimeError):
        return torch.optim.Adam(params, **settings)


class Trainer:
    def __init__(self, system, inputs, norm, rate):
        self.x, self.labels = torch.from_numpy(inputs.x), torch.from_numpy(inputs.labels)
        self.params = [torch.from_numpy(array.copy()).requires_grad_() for array in inputs.parameters.values()]
        self.adam = adam(self.params, rate)

        def loss_of(x, labels, *params):
            h = x
            for k in range((len(params) - 2) // 4):
                W, b, gamma, beta = params[4 * k : 4 * k + 4]
                h = torch.relu(norm(h @ W + b, gamma, beta))
            return F.cross_entropy(h @ params[-2] + params[-1], labels)

        self.loss_of = system.maybe_compiled(loss_of)

    def step(self):
        self.adam.zero_grad(set_to_none=True)
        loss = self.loss_of(self.x, self.labels, *self.params)
        loss.backward()
        self.adam.step()
        return loss.item()

    def means(self):
        return [self.adam.state[p]["exp_avg"].numpy().copy() for p in self.params]
