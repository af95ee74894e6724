import { ArgumentError } from "@lodo/tensor";
import type { Law } from "../law.ts";
import { expectThrows } from "../property/expectThrows.ts";
import { outside } from "../property/hyperparameterValues.ts";
import { arenaLaw, deterministicLaw, plainStateLaw, pureLaw, resumeLaw, sameLossLaw, shapeLaw } from "./drawLaws.ts";
import { gradientLaw, hessianLaw, hessianSolveLaw, optimumLaw } from "./lossLaws.ts";
import type { TaskSample } from "./taskSample.ts";

const badOptionLaw: Law<TaskSample> = {
  name: "refuses options outside their domains and unknown ones, naming task and option",
  check: ({ source, make }) => {
    let checks = 0;
    for (const [key, { domain }] of Object.entries(source.options)) {
      for (const value of outside(domain)) {
        expectThrows(`${source.id} with a wrong ${key}`, () => make({ [key]: value }), ArgumentError, [source.id, key]);
        checks++;
      }
    }
    expectThrows(`${source.id} with an unknown option`, () => make({ "no such option": 1 }), ArgumentError, [source.id, "no such option"]);
    return checks + 1;
  },
};

/** What every task obeys, in the order in which a mistake is best understood. */
export const taskLaws: readonly Law<TaskSample>[] = [
  shapeLaw,
  plainStateLaw,
  deterministicLaw,
  sameLossLaw,
  pureLaw,
  resumeLaw,
  arenaLaw,
  gradientLaw,
  hessianLaw,
  hessianSolveLaw,
  optimumLaw,
  badOptionLaw,
];
