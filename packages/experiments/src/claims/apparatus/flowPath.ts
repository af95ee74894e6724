import { Matrix as Dense } from "ml-matrix";
import { type Drive, spectralNorm, spectralRadius, stationaryCovariance } from "./errorDynamics.ts";

/** dA/dt as a function of A. */
export type Flow = (A: Dense, drive: Drive) => Dense;

export interface FlowPoint {
  readonly t: number;
  readonly A: Dense;
  /** ρ(A) */
  readonly radius: number;
}

/** One classical Runge–Kutta step of fourth order. */
export function rungeKutta(flow: Flow, drive: Drive, A: Dense, dt: number): Dense {
  const at = (k: Dense, h: number): Dense => flow(Dense.add(A, Dense.mul(k, h)), drive);
  const k1 = flow(A, drive);
  const k2 = at(k1, dt / 2);
  const k3 = at(k2, dt / 2);
  const k4 = at(k3, dt);
  return Dense.add(
    A,
    k1
      .add(Dense.add(k2, k3).mul(2))
      .add(k4)
      .mul(dt / 6),
  );
}

/**
 * The flow from A, step after step, up to time T or ρ(A) ≥ 1. The right-hand side of (10) is at most ‖H‖³ tr S ‖A‖, and S grows without bound as ρ(A)
 * comes to 1: so a step moves A by at most a part of 1 − ρ(A), and stays where the integration is stable.
 */
export function* flowPath(flow: Flow, drive: Drive, start: Dense, T: number, part = 0.4): Generator<FlowPoint> {
  const h = spectralNorm(drive.H);
  let [t, A] = [0, start];
  for (;;) {
    const radius = spectralRadius(A);
    yield { t, A, radius };
    if (!(radius < 1 && t < T)) return;
    const dt = (part * (1 - radius)) / (h * h * h * stationaryCovariance(A, drive.C).trace());
    A = rungeKutta(flow, drive, A, dt);
    t += dt;
  }
}
