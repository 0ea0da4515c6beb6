"""JAX: jit, XLA on the CPU. A training step gives its parameters and moments away (donate_argnums)."""

import jax
import jax.numpy as jnp
import numpy as np
from workload import ADAM_EPS, MEAN_DECAY, NORM_EPS, SQUARE_DECAY, PreparedNorm, PreparedTraining, Unsupported

# Without it float64 arrays become float32.
jax.config.update("jax_enable_x64", True)


def system(name):
    return System()


class System:
    versions = {"jax": jax.__version__}

    def prepare(self, inputs):
        if inputs.is_fused:
            raise Unsupported("JAX has no fused batch norm")
        if inputs.is_norm:
            arrays = [jnp.asarray(array) for array in inputs.norm]
            run = jax.jit(norm_gradients)
            return PreparedNorm(
                lambda: jax.block_until_ready(run(*arrays)),
                lambda found: [np.asarray(array) for array in found],
            )
        return PreparedTraining(list(inputs.parameters), lambda rate: Trainer(inputs, rate))


def norm(x, gamma, beta):
    centred = x - jnp.mean(x, 0)
    sigma = jnp.sqrt(jnp.mean(jnp.square(centred), 0) + NORM_EPS)
    return gamma * (centred / sigma) + beta


def norm_gradients(x, gamma, beta, dy):
    _, pullback = jax.vjp(norm, x, gamma, beta)
    return pullback(dy)


def loss_of(params, x, labels):
    h = x
    for k in range((len(params) - 2) // 4):
        W, b, gamma, beta = params[4 * k : 4 * k + 4]
        h = jax.nn.relu(norm(h @ W + b, gamma, beta))
    log_p = jax.nn.log_softmax(h @ params[-2] + params[-1])
    return -jnp.mean(jnp.take_along_axis(log_p, labels[:, None], axis=1))


def step(params, moments, x, labels, rate):
    t, mean, square = moments
    t = t + 1
    loss, grads = jax.value_and_grad(loss_of)(params, x, labels)
    mean = [MEAN_DECAY * m + (1 - MEAN_DECAY) * g for m, g in zip(mean, grads)]
    square = [SQUARE_DECAY * v + (1 - SQUARE_DECAY) * jnp.square(g) for v, g in zip(square, grads)]
    scaled = rate / (1 - MEAN_DECAY**t)
    correction = 1 / (1 - SQUARE_DECAY**t)
    params = [
        p - scaled * m / (jnp.sqrt(v * correction) + ADAM_EPS) for p, m, v in zip(params, mean, square)
    ]
    return params, (t, mean, square), loss


# Compiled once: the learning rate is an argument.
compiled_step = jax.jit(step, donate_argnums=(0, 1))


class Trainer:
    def __init__(self, inputs, rate):
        dtype = inputs.x.dtype
        # jnp.array copies: what is given away is not NumPy's.
        self.x, self.labels = jnp.array(inputs.x), jnp.array(inputs.labels, dtype=jnp.int32)
        self.rate = jnp.array(rate, dtype=dtype)
        self.params = [jnp.array(array) for array in inputs.parameters.values()]
        self.moments = (
            jnp.zeros((), dtype=dtype),
            [jnp.zeros_like(p) for p in self.params],
            [jnp.zeros_like(p) for p in self.params],
        )

    def step(self):
        done = compiled_step(self.params, self.moments, self.x, self.labels, self.rate)
        self.params, self.moments, loss = jax.block_until_ready(done)
        return float(loss)

    def means(self):
        return [np.asarray(m) for m in self.moments[1]]
