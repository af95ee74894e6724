import { architectures } from "@lodo/preconditioner";
import { casesFactor, conformsToPreconditioner, suiteSeed } from "@lodo/testkit";
import { describe, it } from "vitest";

const search = { cases: 12 * casesFactor(process.env), seed: suiteSeed(process.env) };

for (const architecture of architectures) conformsToPreconditioner({ describe, it }, architecture, search);
