"""NumPy: an array operation at a time, the backward derived by hand."""

import numpy as np
from workload import ADAM_EPS, MEAN_DECAY, NORM_EPS, SQUARE_DECAY, PreparedNorm, PreparedTraining, Unsupported


def system(name):
    return System()


class System:
    versions = {"numpy": np.__version__}

    def prepare(self, inputs):
        if inputs.is_fused:
            raise Unsupported("NumPy has no fused batch norm")
        if inputs.is_norm:
            x, gamma, beta, dy = inputs.norm
            return PreparedNorm(lambda: norm_gradients(x, gamma, beta, dy))
        return PreparedTraining(list(inputs.parameters), lambda rate: Trainer(inputs, rate))


def norm_forward(x, gamma, beta):
    centred = x - x.mean(0)
    sigma = np.sqrt(np.square(centred).mean(0) + x.dtype.type(NORM_EPS))
    return gamma * (centred / sigma) + beta, (centred, sigma)


def norm_backward(kept, gamma, dy):
    """Node by node, as a tape goes, not by the closed form."""
    centred, sigma = kept
    n = dy.shape[0]
    x_hat = centred / sigma
    dbeta = dy.sum(0)
    dgamma = (dy * x_hat).sum(0)
    dx_hat = dy * gamma
    dsigma = -(dx_hat * x_hat).sum(0) / sigma
    dcentred = dx_hat / sigma + centred * (dsigma / (n * sigma))
    return dcentred - dcentred.mean(0), dgamma, dbeta


def norm_gradients(x, gamma, beta, dy):
    _, kept = norm_forward(x, gamma, beta)
    return norm_backward(kept, gamma, dy)


class Trainer:
    def __init__(self, inputs, rate):
        self.x, self.labels, self.rate, self.t = inputs.x, inputs.labels, rate, 0
        self.params = [array.copy() for array in inputs.parameters.values()]
        self.mean = [np.zeros_like(p) for p in self.params]
        self.square = [np.zeros_like(p) for p in self.params]

    def means(self):
        return [m.copy() for m in self.mean]

    def step(self):
        loss, grads = self.gradients()
        self.t += 1
        rate = self.rate / (1 - MEAN_DECAY**self.t)
        correction = 1 / (1 - SQUARE_DECAY**self.t)
        for p, g, m, v in zip(self.params, grads, self.mean, self.square):
            m *= MEAN_DECAY
            m += (1 - MEAN_DECAY) * g
            v *= SQUARE_DECAY
            v += (1 - SQUARE_DECAY) * np.square(g)
            p -= rate * m / (np.sqrt(v * correction) + ADAM_EPS)
        return loss

    def gradients(self):
        p, h, layers = self.params, self.x, []
        depth = (len(p) - 2) // 4
        for k in range(depth):
            W, b, gamma, beta = p[4 * k : 4 * k + 4]
            y, kept = norm_forward(h @ W + b, gamma, beta)
            layers.append((h, kept, y))
            h = np.maximum(y, 0)
        n = h.shape[0]
        scores = h @ p[-2] + p[-1]
        shifted = scores - scores.max(1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        loss = -log_p[np.arange(n), self.labels].mean()
        dscores = np.exp(log_p)
        dscores[np.arange(n), self.labels] -= 1
        dscores /= n
        grads = [None] * len(p)
        grads[-2], grads[-1] = h.T @ dscores, dscores.sum(0)
        dh = dscores @ p[-2].T
        for k in reversed(range(depth)):
            W, _, gamma, _ = p[4 * k : 4 * k + 4]
            h, kept, y = layers[k]
            da, dgamma, dbeta = norm_backward(kept, gamma, dh * (y > 0))
            grads[4 * k : 4 * k + 4] = [h.T @ da, da.sum(0), dgamma, dbeta]
            if k > 0:
                dh = da @ W.T
        return float(loss), grads
