import { configureGlobal } from "fast-check";
import { suiteSeed } from "../packages/testkit/src/runner.ts";

// Properties that name no seed would draw others each time.
configureGlobal({ seed: suiteSeed(process.env) });
