// Copies of strided matrices, dense in row-major order. Strides are in bytes.

/** A block has as many rows and columns as numbers fit in a line of the cache: it reads whole lines, and writes whole lines. */
const LINE: usize = 64;

function copyMatrix<T>(x: usize, row: usize, column: usize, out: usize, from: i32, to: i32, cols: i32): void {
  const outRow = <usize>cols * sizeof<T>();
  if (column == sizeof<T>()) {
    for (let i = from; i < to; i++) memory.copy(out + <usize>i * outRow, x + <usize>i * row, outRow);
    return;
  }
  const block = <i32>(LINE / sizeof<T>());
  for (let top = from; top < to; top += block) {
    const bottom = min(top + block, to);
    for (let left = 0; left < cols; left += block) {
      const right = min(left + block, cols);
      for (let i = top; i < bottom; i++) {
        let a = x + <usize>i * row + <usize>left * column;
        let b = out + <usize>i * outRow + <usize>left * sizeof<T>();
        for (let j = left; j < right; j++) {
          store<T>(b, load<T>(a));
          a += column;
          b += sizeof<T>();
        }
      }
    }
  }
}

// Integers of the same size carry the bits of a NaN through.
export function copyMatrix_f32(x: usize, row: usize, column: usize, out: usize, from: i32, to: i32, cols: i32): void {
  copyMatrix<u32>(x, row, column, out, from, to, cols);
}
export function copyMatrix_f64(x: usize, row: usize, column: usize, out: usize, from: i32, to: i32, cols: i32): void {
  copyMatrix<u64>(x, row, column, out, from, to, cols);
}
