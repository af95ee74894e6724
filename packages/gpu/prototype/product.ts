/** A product of matrices whose entries are functions of their indices: matmul, and a convolution in each of its three readings. */
export interface Product {
  /** C is [m, n], with k terms an entry. */
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Bodies in WGSL: the entry in row i and column p of the left factor, row p and column j of the right one, from arrays a and b. */
  readonly left: string;
  readonly right: string;
}

/** Rows and columns of a workgroup's tile, and the terms it takes at a time. */
export const TILE = 64;
const DEPTH = 16;

/**
 * Each workgroup of 16 × 16 threads computes a tile of 64 × 64, each thread 4 × 4 of it in registers, from factors that the group brought into shared
 * memory together: each number is fetched once for 64 multiply-adds. WebGL's threads share nothing.
 */
export const wgslOf = ({ m, k, n, left, right }: Product): string => `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
var<workgroup> rows: array<vec4<f32>, 256>;
var<workgroup> columns: array<vec4<f32>, 256>;

fn left(i: u32, p: u32) -> f32 {
  if (i >= ${m}u || p >= ${k}u) { return 0.0; }
  ${left}
}
fn right(p: u32, j: u32) -> f32 {
  if (p >= ${k}u || j >= ${n}u) { return 0.0; }
  ${right}
}

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let top = group.y * ${TILE}u;
  let side = group.x * ${TILE}u;
  var sums = array<vec4<f32>, 4>();
  for (var start = 0u; start < ${k}u; start += ${DEPTH}u) {
    let i = top + 4u * local.y;
    let j = side + 4u * local.x;
    let p = start + local.x;
    let q = start + local.y;
    rows[local.x * 16u + local.y] = vec4<f32>(left(i, p), left(i + 1u, p), left(i + 2u, p), left(i + 3u, p));
    columns[local.y * 16u + local.x] = vec4<f32>(right(q, j), right(q, j + 1u), right(q, j + 2u), right(q, j + 3u));
    workgroupBarrier();
    for (var t = 0u; t < ${DEPTH}u; t++) {
      let x = rows[t * 16u + local.y];
      let y = columns[t * 16u + local.x];
      sums[0] += x.x * y;
      sums[1] += x.y * y;
      sums[2] += x.z * y;
      sums[3] += x.w * y;
    }
    workgroupBarrier();
  }
  for (var r = 0u; r < 4u; r++) {
    for (var s = 0u; s < 4u; s++) {
      let i = top + 4u * local.y + r;
      let j = side + 4u * local.x + s;
      if (i < ${m}u && j < ${n}u) { c[i * ${n}u + j] = sums[r][s]; }
    }
  }
}`;
