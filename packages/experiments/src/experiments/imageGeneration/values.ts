import { table6, type Values } from "../../tunedValues.ts";
import type { ImageTaskValues } from "../images/values.ts";

const task = "image-generation";

/** Of LODO's ablations. No-Momentum is LODO with β = 0 at its other values. */
function ablations(): Readonly<Record<string, Values>> {
  const { metaLearningRate = 0, alpha0 = 0 } = table6[task]?.["lodo"] ?? {};
  return {
    "lodo-diagonal": { metaLearningRate: 0.0005196, beta: 0.986, alpha0: 0.1325 },
    "lodo-global": { beta: 0.9525, alpha0: 0.05583 },
    "lodo-residuals": { beta: 0.9301, alpha0: 0.02134 },
    "lodo-sgd": { metaLearningRate: 0.0007196, beta: 0.9499, alpha0: 0.1035 },
    "lodo-no-momentum": { metaLearningRate, alpha0 },
  };
}

export const imageGenerationValues: ImageTaskValues = {
  task,
  further: ablations(),
  lost: {
    rmsprop: { learningRate: 3e-5 },
    lars: { weightDecay: 1e-5 },
    "lodo-global": { metaLearningRate: 1e-5 },
    "lodo-residuals": { metaLearningRate: 1e-5 },
  },
};
