/** Hyperparameters of an optimizer by name, as its registration spells them. */
export type Values = Readonly<Record<string, number | string>>;

/** Table 6: what the authors' tuning found, by task and optimizer. */
export const table6: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  "noisy-quadratic-bowl": {
    adam: { learningRate: 1.164, b1: 0.465, b2: 0.9884 },
    momentum: { learningRate: 1.394, momentum: 0.529 },
    rmsprop: { learningRate: 0.449, rho: 0.04943, momentum: 0.595 },
    yogi: { learningRate: 2.169, b1: 0.4362, b2: 0.9999723 },
    "l-bfgs": { learningRate: 1.204, tau: 23002 },
    "o-lbfgs": { learningRate: 1.05, tau: 36721 },
    lodo: { metaLearningRate: 0.00096, beta: 0.195, alpha0: 0.27 },
  },
  rosenbrock: {
    adam: { learningRate: 0.9704, b1: 0.864, b2: 0.99804 },
    momentum: { learningRate: 0.0987, momentum: 0.9359 },
    rmsprop: { learningRate: 0.004318, rho: 0.02836, momentum: 0.88 },
    yogi: { learningRate: 0.2991, b1: 0.9273, b2: 0.998787 },
    lodo: { metaLearningRate: 0.0001394, beta: 0.897, alpha0: 0.2946 },
  },
};

/** The tuned values of an optimizer on a task; none where the paper has none (Newton's method, for one). */
export const tunedValues = (task: string, optimizer: string): Values => table6[task]?.[optimizer] ?? {};
