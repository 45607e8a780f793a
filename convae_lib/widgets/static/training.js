/**
 * Trains a network in the page: the gradient of the loss, and Adam.
 *
 * The gradient goes through a network backwards, and through each layer by its
 * transpose: what a convolution has gathered is scattered, and what a transposed
 * convolution has scattered is gathered, with the same kernel and the same windows.
 */
(() => {
  "use strict";
  const { engine } = globalThis.convae;

  const { SELU } = engine;

  /** Derivatives of the activations: of the sum x before, whose value after is y. */
  const SLOPES = {
    selu: (x, y) => (x > 0 ? SELU.scale : y + SELU.scale * SELU.alpha),
    gelu: (x) => engine.bell(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
    relu: (x) => (x > 0 ? 1 : 0),
    sigmoid: (x, y) => y * (1 - y),
  };

  /** Add to `found` how the kernel is to change, place by place. */
  function outer(met, large, small, found, [a, b]) {
    for (let m = 0; m < met.length; m += 3)
      for (let i = 0; i < a; i++) {
        const seen = large[met[m] * a + i];
        if (seen === 0) continue;
        const row = (met[m + 2] * a + i) * b;
        const from = met[m + 1] * b;
        for (let o = 0; o < b; o++) found[row + o] += seen * small[from + o];
      }
  }

  /**
   * For each kind of step: add the gradient of its inputs `x` to `dx`, and that of its
   * kernel to `kernel`, from the gradient `dy` of what it gave.
   */
  const BACK = {
    conv(step, [x], dy, [dx], kernel) {
      const channels = step.kernel.slice(2);
      outer(step.met, x, dy, kernel, channels);
      if (dx) engine.scatter(step.met, step.weights[0], dy, dx, channels);
    },
    transposed(step, [x], dy, [dx], kernel) {
      const channels = step.kernel.slice(2);
      outer(step.met, dy, x, kernel, channels);
      if (dx) engine.gather(step.met, step.weights[0], dy, dx, channels);
    },
    depthwise({ met, weights, input }, [x], dy, [dx], kernel) {
      const count = input[2];
      for (let m = 0; m < met.length; m += 3)
        for (let c = 0; c < count; c++) {
          const [from, to] = [met[m] * count + c, met[m + 1] * count + c];
          kernel[met[m + 2] * count + c] += x[from] * dy[to];
          if (dx) dx[from] += weights[0][met[m + 2] * count + c] * dy[to];
        }
    },
    add(step, x, dy, dx) {
      for (const found of dx) for (let i = 0; i < dy.length; i++) found[i] += dy[i];
    },
    same(step, [x], dy, [dx]) {
      if (dx) for (let i = 0; i < dy.length; i++) dx[i] += dy[i];
    },
  };

  /**
   * Add to `gradients` those of one image's loss, and return the loss.
   * @param {Float32Array[][]} gradients as `zeros` gives them
   */
  function learn(network, image, gradients) {
    const { steps } = network;
    const { sums, values } = engine.trace(network, image);
    const drawn = values[steps.length];
    // The loss's slope and the sigmoid's together: what is drawn less what should be.
    const slopes = [];
    slopes[steps.length] = drawn.map((y, i) => (y - image[i]) / image.length);
    let combined = false;
    for (let i = steps.length; i > 0; i--) {
      const step = steps[i - 1];
      const dy = slopes[i];
      if (step.activation === "sigmoid" && !combined) combined = true;
      else if (step.activation) {
        const slope = SLOPES[step.activation];
        for (let at = 0; at < dy.length; at++)
          dy[at] *= slope(sums[i][at], values[i][at]);
      }
      if (!BACK[step.kind]) throw new Error(`no gradient goes through ${step.kind}`);
      const x = step.from.map((place) => values[place]);
      const dx = step.from.map((place, input) =>
        place === 0 ? null : (slopes[place] ??= new Float32Array(x[input].length)),
      );
      const [kernel, bias] = gradients[i - 1];
      BACK[step.kind](step, x, dy, dx, kernel);
      if (bias) for (let at = 0; at < dy.length; at++) bias[at % bias.length] += dy[at];
    }
    return engine.loss(image, drawn);
  }

  /** Zeros of the shapes of all weights, for gradients and their moments. */
  const zeros = (network) =>
    network.steps.map(({ weights = [] }) =>
      weights.map((weight) => new Float32Array(weight.length)),
    );

  /** Random numbers in [0, 1), the same for the same seed (mulberry32). */
  function random(seed) {
    return () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  /** Return a copy of a network whose weights are as Keras begins: Glorot's. */
  function untrained(network, seed) {
    engine.open(network);
    const next = random(seed);
    const steps = network.steps.map((step) => {
      if (!step.weights) return step;
      const [height, width, a, b] = step.kernel;
      const limit = Math.sqrt(6 / (height * width * (a + b)));
      const [kernel, ...bias] = step.weights;
      const drawn = kernel.map(() => limit * (2 * next() - 1));
      return { ...step, weights: [drawn, ...bias.map((b) => b.map(() => 0))] };
    });
    return { ...network, steps };
  }

  /**
   * Trains a network by Adam (Kingma and Ba, 2015), a batch at a time.
   * The learning rate falls in a line to a tenth over `steps`, and stays there.
   */
  class Trainer {
    constructor(network, images, { rate, batch, steps, seed = 1 }) {
      Object.assign(this, { network, images, rate, batch, steps });
      this.next = random(seed);
      this.order = []; // of the images that are still to come
      this.gradients = zeros(network);
      this.means = zeros(network);
      this.squares = zeros(network);
      this.step = 0;
      this.inBatch = 0;
    }

    /** Learn from one image; after the last of a batch, take a step and return true. */
    advance() {
      learn(this.network, this.draw(), this.gradients);
      this.inBatch += 1;
      if (this.inBatch < this.batch) return false;
      this.inBatch = 0;
      this.update();
      return true;
    }

    /** Every image once in a random order, and then again. */
    draw() {
      if (!this.order.length) this.order = this.images.map((_, i) => i);
      const place = Math.floor(this.next() * this.order.length);
      const [chosen] = this.order.splice(place, 1);
      return this.images[chosen];
    }

    update() {
      this.step += 1;
      const rate = this.rate * Math.max(1 - (0.9 * this.step) / this.steps, 0.1);
      const [first, second] = [1 - 0.9 ** this.step, 1 - 0.999 ** this.step];
      this.network.steps.forEach(({ weights = [] }, i) =>
        weights.forEach((weight, w) => {
          const gradient = this.gradients[i][w];
          const mean = this.means[i][w];
          const square = this.squares[i][w];
          for (let at = 0; at < weight.length; at++) {
            const slope = gradient[at] / this.batch;
            mean[at] += 0.1 * (slope - mean[at]);
            square[at] += 0.001 * (slope * slope - square[at]);
            const spread = Math.sqrt(square[at] / second) + 1e-7;
            weight[at] -= (rate * mean[at]) / first / spread;
          }
          gradient.fill(0);
        }),
      );
    }
  }

  Object.assign(engine, { learn, zeros, random, untrained, Trainer });
})();
