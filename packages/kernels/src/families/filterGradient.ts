import { type Conv2dGeometry, type DType, type Extents4, emptyStorage, type Strided } from "@lodo/tensor";
import { pick } from "../exports.ts";
import { bytesOf, type Machine } from "../machine.ts";
import { recordBytes, writeRecord } from "../records.ts";
import { placeImages } from "./images.ts";
import { NUMBER_BYTES_PER_NANOSECOND } from "./matmul.ts";
import { piecesOf } from "./pieces.ts";

const FIELDS = [
  "images",
  "perPiece",
  "down",
  "step",
  "rows",
  "line",
  "length",
  "ct",
  "ctImage",
  "ctRow",
  "ctStep",
  "tall",
  "wide",
  "columns",
  "sums",
  "pieceBytes",
  "out",
  "outRow",
] as const;

/** A tile of sums is four numbers by two vectors: see assembly/filterGradient.ts. */
const TILE_BYTES = 128;
const TILE_NUMBERS = 4;
const PANEL_BYTES = 32;

/** The transpose of convolution in the filter: any stride, padding and groups. */
export function filterGradientKernels(machine: Machine): Record<string, (...args: never) => unknown> {
  const sumPieces = pick(machine.exports, "sumPieces");
  const addPieces = pick(machine.exports, "addPieces");
  return {
    conv2dFilterGradient(x: Strided, ct: Strided, { stride, padding, groups }: Conv2dGeometry, filterShape: Extents4): Strided {
      const [n, h, w, ci] = x.shape as unknown as Extents4;
      const [kh, kw, cig, co] = filterShape;
      const [, oh, ow] = ct.shape as unknown as Extents4;
      const dtype = x.dtype as DType;
      const bytes = bytesOf(dtype);
      const cog = co / groups;
      const out = emptyStorage(filterShape, dtype);
      const length = kw * cig;
      const pieceBytes = kh * Math.ceil(length / TILE_NUMBERS) * Math.ceil((cog * bytes) / PANEL_BYTES) * TILE_BYTES;
      const { pieces, perPiece } = piecesOf(n, pieceBytes);
      const nanoseconds = (n * oh * ow * kh * length * cog * bytes) / NUMBER_BYTES_PER_NANOSECOND;
      machine.call((frame) => {
        const [at, cotangents, to] = [frame.dense(x), frame.dense(ct), frame.result(out)];
        const [sums, record] = [frame.scratch(pieces * pieceBytes), frame.scratch(recordBytes(FIELDS))];
        for (let g = 0; g < groups; g++) {
          const images = placeImages(machine, frame, bytes, {
            at: at + g * cig * bytes,
            image: h * w * ci * bytes,
            pixel: ci * bytes,
            extents: [h, w],
            channels: cig,
            before: [padding[0], padding[2]],
            padded: [h + padding[0] + padding[1], w + padding[2] + padding[3]],
            inPlace: groups === 1 || kw === 1,
          });
          writeRecord(machine.heap, record, FIELDS, {
            images: n,
            perPiece,
            down: stride[0] * images.row,
            step: stride[1] * images.pixel,
            rows: kh,
            line: images.row,
            length,
            ct: cotangents + g * cog * bytes,
            ctImage: oh * ow * co * bytes,
            ctRow: ow * co * bytes,
            ctStep: co * bytes,
            tall: oh,
            wide: ow,
            columns: cog,
            sums,
            pieceBytes,
            out: to + g * cog * bytes,
            outRow: co * bytes,
          });
          frame.share(sumPieces[dtype], [images.record, record, 0, pieces], 2, pieces, { nanoseconds });
          addPieces[dtype](record, pieces);
        }
      });
      return out;
    },
  };
}
