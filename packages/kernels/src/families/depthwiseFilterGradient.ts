import { type Conv2dGeometry, type DType, type Extents4, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";
import { NUMBER_BYTES_PER_NANOSECOND } from "./matmul.ts";
import { piecesOf } from "./pieces.ts";
import { placePlanes, VECTOR_BYTES, vectorsOf } from "./planes.ts";

const FIELDS = [
  "images",
  "perPiece",
  "down",
  "step",
  "rows",
  "cols",
  "line",
  "plane",
  "spread",
  "channels",
  "ct",
  "ctImage",
  "ctRow",
  "ctStep",
  "tall",
  "wide",
  "sums",
  "pieceBytes",
  "out",
] as const;

/** The transpose of depthwise convolution in the filter: any stride, padding and multiplier. */
export function depthwiseFilterGradientKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const sumPieces = pick(machine.exports, "sumDepthwisePieces");
  const addPieces = pick(machine.exports, "addDepthwisePieces");
  return {
    depthwiseConv2dFilterGradient(x: Strided, ct: Strided, { stride, padding }: Conv2dGeometry, filterShape: Extents4): Strided {
      const [n, h, w, c] = x.shape as unknown as Extents4;
      const [kh, kw, , m] = filterShape;
      const [, oh, ow] = ct.shape as unknown as Extents4;
      const dtype = x.dtype as DType;
      const bytes = bytesOf(dtype);
      const out = emptyStorage(filterShape, dtype);
      const pieceBytes = vectorsOf(c * m, bytes) * kh * kw * VECTOR_BYTES;
      const { pieces, perPiece } = piecesOf(n, pieceBytes);
      const nanoseconds = (n * oh * ow * kh * kw * c * m * bytes) / NUMBER_BYTES_PER_NANOSECOND;
      machine.call((frame) => {
        const [at, cotangents, to] = [frame.dense(x), frame.dense(ct), frame.result(out)];
        const images = placePlanes(machine, frame, bytes, {
          at,
          image: h * w * c * bytes,
          pixel: c * bytes,
          extents: [h, w],
          channels: c,
          repeated: m,
          before: [padding[0], padding[2]],
          padded: [h + padding[0] + padding[1], w + padding[2] + padding[3]],
        });
        const record = frame.scratch(recordBytes(FIELDS));
        writeRecord(machine.heap, record, FIELDS, {
          images: n,
          perPiece,
          down: stride[0] * images.row,
          step: stride[1] * VECTOR_BYTES,
          rows: kh,
          cols: kw,
          line: images.row,
          plane: images.plane,
          spread: images.spread,
          channels: c * m,
          ct: cotangents,
          ctImage: oh * ow * c * m * bytes,
          ctRow: ow * c * m * bytes,
          ctStep: c * m * bytes,
          tall: oh,
          wide: ow,
          sums: frame.scratch(pieces * pieceBytes),
          pieceBytes,
          out: to,
        });
        frame.share(sumPieces[dtype], [images.record, record, 0, pieces], 2, pieces, { nanoseconds });
        addPieces[dtype](record, pieces);
      });
      return out;
    },
  };
}
