import { version } from "../version.ts";

/** Where a run was computed. */
export interface Environment {
  readonly lodo: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
}

export const environment = (): Environment => ({
  lodo: version,
  node: process.versions.node,
  v8: process.versions.v8,
  platform: process.platform,
  arch: process.arch,
});
