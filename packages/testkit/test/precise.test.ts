import { expect, it } from "vitest";
import {
  preciseAtan,
  preciseCos,
  preciseExp,
  preciseLog,
  precisePow,
  preciseSigmoid,
  preciseSin,
  preciseTanh,
} from "../src/reference/precise.ts";

/** The nearest numbers to values from mathematical tables. */
it.for([
  ["e", preciseExp(1), Math.E],
  ["e^−20", preciseExp(-20), 2.0611536224385579e-9],
  ["ln 2", preciseLog(2), Math.LN2],
  ["ln 10⁻¹⁰⁰", preciseLog(1e-100), -230.25850929940458],
  ["π", 4 * preciseAtan(1), Math.PI],
  ["arctan −1000", preciseAtan(-1000), -1.5697963271282298],
  ["sin 1", preciseSin(1), 0.8414709848078965],
  ["sin 1000", preciseSin(1000), 0.8268795405320025],
  ["cos 1", preciseCos(1), 0.5403023058681398],
  ["tanh 1", preciseTanh(1), 0.7615941559557649],
  ["tanh −1e-9", preciseTanh(-1e-9), -1e-9],
  ["1/(1 + e⁻¹)", preciseSigmoid(1), 0.7310585786300049],
  ["√2", precisePow(2, 0.5), Math.SQRT2],
  ["2.5⁻³", precisePow(2.5, -3), 0.064],
] as const)("%s", ([, got, expected]) => {
  expect(got).toBe(expected);
});
