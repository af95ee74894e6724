import { portable } from "@lodo/tensor";
import { cifar10Images } from "../../tasks/imageClassification/images.ts";
import type { RegisteredExperiment } from "../experiment.ts";
import { imageExperiment } from "../images/imageExperiment.ts";
import { columns } from "./columns.ts";
import { budget, notes } from "./notes.ts";
import { presets, trials } from "./presets.ts";
import { verdict } from "./verdict.ts";

/** Table 4 with Figure 6: every optimizer of the paper on a ResNet. */
export const imageTable4: RegisteredExperiment = imageExperiment({
  id: "table-4",
  title: "Image classification on CIFAR-10",
  subject: "image classification on CIFAR-10",
  reference: "Section 5.4, Table 4, Figure 6",
  claim:
    "LODO performs competitively with the best-performing optimizers, Adam, Yogi, momentum and LARS, and noticeably outperforms RMSprop.",
  // A step of LODO takes 1.2 GiB at the quick preset: θ, its moments, and what they become.
  memory: 2 ** 31,
  presets,
  trials,
  columns,
  // A fresh ResNet-18 loses 2.5 nats and 1.4 of penalty.
  curves: {
    id: "figure-6",
    of: "the image classifier on CIFAR-10",
    on: "CIFAR-10",
    range: [0.05, 5],
    guessing: { y: portable.log(10), label: "all classes alike, ln 10" },
  },
  data: () => cifar10Images().data,
  paper: () => () => null,
  verdict,
  notes,
  budget,
});
